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
  /**
   * Fetches a ticket for these rooms, undefined for mine; streams are then opened by EventSource. That
   * does not hear `app.*` events that are not kept.
   */
  ticketProvider?: (rooms?: string[]) => Promise<string>;
  /** Whether all tabs of this browser that speak for the same person share one stream. Default: true. */
  shared?: boolean;
  /** Whether to listen to all rooms I belong to as well, as I come and go, and to my inbox. */
  follow?: boolean;
}

export interface Client {
  readonly status: Status;
  /** With `follow`, those I belong to and what is unread in each; null before they are known. */
  readonly rooms: readonly MyRoom[] | null;
  /** My id, by the token; null without one. */
  readonly user: string | null;
  /** Opens a room, or finds the one that is open. */
  room(name: string): Room;
  /** Listens to it no longer. */
  leave(name: string): void;
  /** Those that anybody may know of, page by page. */
  openRooms(after?: string): Promise<{ rooms: OpenRoom[]; next?: string }>;
  /** The direct room of exactly these people and me, made once. */
  direct(...users: string[]): Promise<{ room: string; user_ids: string[] }>;
  /** Somebody logged in: asks `tokenProvider` again, and goes on under the new token. */
  renewToken(): Promise<void>;
  /** Tries again at once what was refused, or waits. */
  wake(): void;
  close(): void;
  on(type: "status", listener: (status: Status) => void): () => void;
  on(type: "reset", listener: (reset: Reset) => void): () => void;
  /** Those I belong to are others, or something was said or read in one. */
  on(type: "rooms", listener: (rooms: readonly MyRoom[]) => void): () => void;
  /** Every event of every room that is open, and of my inbox; with `follow` of all my rooms. */
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
  readonly me: Standing | null;
  /** As they stand, oldest first; one that changed is another object. */
  readonly messages: readonly Message[];
  /** What is on its way, in the order it was written. */
  readonly outbox: readonly Letter[];
  /** Whether messages that once stood before the first one are gone. */
  readonly gap: boolean;
  /** Whether {@link older} can bring more. */
  readonly hasOlder: boolean;
  /** The pinned messages, in the order in which they were. */
  readonly pins: readonly Message[];
  /** Who is here now, on all nodes and devices. Of more than 200 only the number is known. */
  readonly presence: { readonly count: number; readonly users: readonly Person[] };
  /** Who else is writing just now. */
  readonly typing: readonly Person[];
  /** How far I have read, here or on another device. */
  readonly read: { id: string; number: number };
  /** Messages after that. */
  readonly unread: number;
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
  /** To be called with every key: tells the others, every three seconds at most. */
  type(): void;
  /** I have read up to here (the last message, if none is named). What guests have read is not kept. */
  markRead(message?: Message): void;
  /** A message as it stands, loaded or not. */
  find(id: string): Promise<Message>;
  /** Makes the room, and me its owner, or sets all of it anew. */
  create(settings?: Partial<RoomSettings>): Promise<RoomInfo>;
  /** Changes what is named. */
  change(settings: Partial<RoomSettings>): Promise<RoomInfo>;
  destroy(): Promise<null>;
  /** I become a member of it, or am no more. To listen no longer is {@link Client.leave}. */
  join(): Promise<unknown>;
  quit(): Promise<unknown>;
  /** Adds somebody, or gives them another role. */
  setMember(user: string, role: "owner" | "moderator" | "member"): Promise<unknown>;
  kick(user: string): Promise<unknown>;
  ban(user: string, sanction?: Sanction): Promise<unknown>;
  unban(user: string): Promise<unknown>;
  mute(user: string, sanction?: Sanction): Promise<unknown>;
  unmute(user: string): Promise<unknown>;
  /** Tells those who moderate of a message. */
  report(id: string, reason?: string): Promise<unknown>;
  /** An event of the site's own, `app.…`, for who may; kept, unless `durable` is false. */
  emit(type: string, data?: object, durable?: boolean): Promise<RoomEvent | null>;
  /** Loads the page before the first message. */
  older(): Promise<void>;
  on(type: "change", listener: (change: Change) => void): () => void;
  /** Events were missed for good, and history is read anew. */
  on(type: "reset", listener: (reset: { reason: ResetReason }) => void): () => void;
  on(type: "event", listener: (event: RoomEvent) => void): () => void;
  on(type: string, listener: (event: RoomEvent) => void): () => void;
}

export interface RoomSettings {
  title: string;
  topic: string;
  access: "open" | "members" | "private";
  guests: boolean;
  read_only: boolean;
  slow_mode_s: number;
  retention_days: number;
  filters: { mode: "reject" | "mask"; words: string[] };
}

export interface RoomInfo extends RoomSettings {
  id: string;
  members: number;
  last_number: number;
}

export interface Standing {
  role: "owner" | "moderator" | "member" | "guest" | "reader" | "service";
  /** `post`, `react`, `pin`, `delete_any`, `mute`, `ban`, `kick`, `settings`, … */
  can: string[];
  /** How far I have read, where that is kept. */
  read?: { id: string; number: number };
}

/** A room I belong to. */
export interface MyRoom {
  id: string;
  title: string;
  access: "open" | "members" | "private";
  role: "owner" | "moderator" | "member";
  last_id: string;
  last_number: number;
  unread: number;
  read: { id: string; number: number };
}

export interface OpenRoom {
  id: string;
  title: string;
  access: "open" | "members";
}

export interface Sanction {
  /** For ever, if it is not said. */
  duration_s?: number;
  reason?: string;
}

export interface Change {
  /** Everything, more at the beginning, a new message, one that changed, what is on its way, … */
  kind: "reset" | "older" | "message" | "update" | "outbox" | "state" | "presence" | "typing" | "read";
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
