package partyline.room.hook;

final class MemoryWebhooksTest extends WebhooksContract {
  private final Webhooks webhooks = new MemoryWebhooks();

  @Override
  protected Webhooks webhooks() {
    return webhooks;
  }
}
