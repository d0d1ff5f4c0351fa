package partyline.room;

final class MemoryReportsTest extends ReportsContract {

  private final MemoryReports reports = new MemoryReports(new ManualClock());

  @Override
  protected Reports reports() {
    return reports;
  }
}
