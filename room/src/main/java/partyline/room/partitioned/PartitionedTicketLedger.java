package partyline.room.partitioned;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Partitions;
import partyline.room.TicketLedger;

/** Each ticket where its id says. */
public record PartitionedTicketLedger(Partitions partitions, List<? extends TicketLedger> parts)
    implements TicketLedger {

  @Override
  public CompletionStage<Void> use(String ticket, Duration length) {
    return of(ticket).use(ticket, length);
  }

  @Override
  public CompletionStage<Boolean> wasUsed(String ticket) {
    return of(ticket).wasUsed(ticket);
  }

  private TicketLedger of(String ticket) {
    return parts.get(partitions.of(ticket).index());
  }
}
