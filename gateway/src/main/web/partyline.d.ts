/** Opens a line to a Partyline cluster. Nothing is listened to before a room is opened. */
export function connect(options?: ConnectOptions): Client;

/** Negative, zero or positive. Ids are order tokens; comparing them as text lies. */
export function compareIds(a: string, b: string): number;

export interface ConnectOptions {
  /** Where the gateways are; several are tried in turn. Default: where this module came from. */
  url?: string | string[];
  /** A token that will do for as long as the page lives. Without any: anonymous. */
  token?: string;
  /** Fetches a token from your site: at first, before it ends, and when one was refused. */
  tokenProvider?: () => Promise<string | null>;
  /** Fetches a ticket for these rooms; streams are then opened by EventSource. */
  ticketProvider?: (rooms: string[]) => Promise<string>;
  /** Whether all tabs of this browser that speak for the same person share one stream. Default: true. */
  shared?: boolean;
}

export interface Client {
  readonly status: Status;
  /** Opens a room, or finds the one that is open. */
  room(name: string): Room;
  /** Listens to it no longer. */
  leave(name: string): void;
  /** Somebody logged in: asks `tokenProvider` again, and goes on under the new token. */
  renewToken(): Promise<void>;
  /** Tries again at once what was refused, or waits. */
  wake(): void;
  close(): void;
  on(type: "status", listener: (status: Status) => void): () => void;
  on(type: "reset", listener: (reset: Reset) => void): () => void;
  /** Every event of every room. */
  on(type: "event", listener: (event: RoomEvent) => void): () => void;
  /** `app.order.shipped`, `member.joined`, … */
  on(type: string, listener: (event: RoomEvent) => void): () => void;
}

export interface Status {
  state: "connecting" | "live" | "reconnecting" | "offline" | "refused" | "closed";
  /** How events come, while they do. */
  transport: "sse" | "eventsource" | "poll" | null;
  /** The node that serves, where it said so. */
  node: string | null;
  /** Why it is refused, or did not get through. */
  error: Problem | Error | null;
}

export interface Room {
  readonly name: string;
  readonly state: "loading" | "ready" | "refused";
  /** Why it is refused. */
  readonly problem: Problem | null;
  /** Its settings as they are; null before they are known. */
  readonly info: RoomInfo | null;
  /** What I am in it, and may do. */
  readonly me: { role: string; can: string[] } | null;
  /** As they stand, oldest first; one that changed is another object. */
  readonly messages: readonly Message[];
  /** What is on its way, in the order it was written. */
  readonly outbox: readonly Letter[];
  /** Whether messages that once stood before the first one are gone. */
  readonly gap: boolean;
  /** Whether {@link older} can bring more. */
  readonly hasOlder: boolean;
  /** The message, once the server has it; until then it stands in the outbox. */
  send(draft: string | Draft): Promise<Message>;
  /** Sends a letter that failed, or is unsure, once more under its key. */
  retry(key: string): void;
  discard(key: string): void;
  /** Each of these is told to all by an event, and to who asked by the promise. */
  edit(id: string, text: string): Promise<Message>;
  /** Leaves a tombstone where it was. */
  delete(id: string): Promise<null>;
  react(id: string, emoji: string): Promise<null>;
  unreact(id: string, emoji: string): Promise<null>;
  pin(id: string): Promise<null>;
  unpin(id: string): Promise<null>;
  /** Loads the page before the first message. */
  older(): Promise<void>;
  on(type: "change", listener: (change: Change) => void): () => void;
  /** Events were missed for good, and history is read anew. */
  on(type: "reset", listener: (reset: { reason: ResetReason }) => void): () => void;
  on(type: "event", listener: (event: RoomEvent) => void): () => void;
  on(type: string, listener: (event: RoomEvent) => void): () => void;
}

export interface RoomInfo {
  id: string;
  title: string;
  topic: string;
  access: "open" | "members" | "private";
  guests: boolean;
  read_only: boolean;
  slow_mode_s: number;
  retention_days: number;
  members: number;
  last_number: number;
}

export interface Change {
  /** Everything, more at the beginning, a new message, one that changed, what is on its way, the state. */
  kind: "reset" | "older" | "message" | "update" | "outbox" | "state";
  message?: Message;
}

export interface Draft {
  text: string;
  data?: unknown;
  mentions?: string[];
  reply_to?: string;
  client_msg_id?: string;
}

export interface Letter {
  readonly key: string;
  readonly draft: Draft;
  /** `unsure`: tried so long ago that nobody knows whether it arrived. Ask, then retry or discard. */
  readonly status: "sending" | "failed" | "unsure";
  readonly problem: Problem | null;
  readonly writtenAt: number;
}

export interface Person {
  id: string;
  name: string;
  avatar?: string;
  kind?: "member" | "guest" | "bot" | "service";
}

export interface Message {
  id: string;
  number: number;
  room: string;
  at: string;
  kind: "user" | "system" | "bot";
  by: Person;
  text?: string;
  /** Made from the text by the server, and safe to show. */
  html?: string;
  data?: unknown;
  mentions?: string[];
  reply_to?: string;
  client_msg_id?: string;
  reactions?: Reaction[];
  pinned?: boolean;
  edited_at?: string;
  deleted_at?: string;
}

export interface Reaction {
  emoji: string;
  count: number;
  users: string[];
}

export interface RoomEvent {
  /** Missing where it is told once and never again, as of `typing`. */
  id?: string;
  type: string;
  room: string;
  at: string;
  by?: Person;
  data: any;
}

export type ResetReason = "trimmed" | "epoch" | "too_many" | "forbidden" | "cursor";

export interface Reset {
  rooms: string[];
  reason: ResetReason;
  oldest: string | null;
}

/** A refusal (RFC 9457). Branch on `code`, show `message`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title?: string;
  readonly errors: { field: string; reason: string }[];
  readonly requestId?: string;
  readonly retryAfterMs: number;
  /** Whether the same request can succeed later. */
  readonly mayPass: boolean;
}
