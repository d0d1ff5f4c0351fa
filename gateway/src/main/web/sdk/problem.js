/** A refusal: RFC 9457, as the server sent it. Branch on `code`, show `message`. */
export class Problem extends Error {
  /** @param body the parsed problem document, or whatever else was sent instead of one */
  constructor(status, body, retryAfterMs = 0) {
    super(body?.detail ?? body?.title ?? "Refused with " + status + ".");
    this.name = "Problem";
    this.status = status;
    this.code = body?.code ?? "status-" + status;
    this.title = body?.title;
    this.errors = body?.errors ?? [];
    this.requestId = body?.request_id;
    this.retryAfterMs = retryAfterMs;
  }

  /** @param {Response} response */
  static async of(response) {
    const seconds = Number(response.headers.get("Retry-After"));
    const body = await response.json().catch(() => null);
    return new Problem(response.status, body, seconds > 0 ? seconds * 1_000 : 0);
  }

  /** Whether the same request can succeed later. */
  get mayPass() {
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }
}
