package partyline.room;

/** What a write that is acknowledged has outlived. */
public enum Acks {
  /** The primary has it. A failover may lose it, and everybody is told. */
  PRIMARY,
  /** One of its replicas has it too; without one that answers nothing is acknowledged. */
  REPLICA
}
