package partyline.room;

/**
 * The right to do a job for a while, as {@link JobLedger#claim} gave it.
 *
 * @param owner the process that holds it, never the same name twice: after a failover that forgot a
 *     claim, the same fence can be given out again, and only the owner tells the two apart
 * @param fence rises with every claim of the job
 */
public record Lease(String job, String owner, long fence) {}
