// The SDK under test: its modules, or what the gateway makes of them (see WebModulesTest).

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const served = process.env.PARTYLINE_SDK;
const sdk = await import(
  served === undefined ? "../../main/web/partyline.js" : pathToFileURL(resolve(served)).href
);

export const { compareIds, connect, Problem } = sdk;
