package partyline.room.hook;

final class MemoryIncomingHooksTest extends IncomingHooksContract {
  private final IncomingHooks hooks = new MemoryIncomingHooks();

  @Override
  protected IncomingHooks hooks() {
    return hooks;
  }
}
