package partyline.gateway.http;

/** Whether this node wants new clients. Asked on any thread. */
public interface Readiness {

  boolean ready();

  /** Why not, for the person who reads the probe; anything when ready. */
  String reason();
}
