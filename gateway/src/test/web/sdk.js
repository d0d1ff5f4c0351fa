// The SDK under test: its modules, or what the gateway makes of them (see WebModulesTest).

import { webcrypto } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

// Node.js 18 does not show it to everybody yet, as browsers do.
globalThis.crypto ??= webcrypto;

const served = process.env.PARTYLINE_SDK;
const sdk = await import(
  served === undefined ? "../../main/web/partyline.js" : pathToFileURL(resolve(served)).href
);

export const { compareIds, connect, Problem } = sdk;
