package partyline.room.redis;

import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Reports;
import partyline.room.ReportsContract;

final class RedisReportsTest extends ReportsContract {

  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();

  @Override
  protected Reports reports() {
    return new RedisReports(edge.connections);
  }
}
