package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class SplitBrainTest {

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path data;

  /** A proxy swallows. */
  private static final class Swallowing implements SplitBrain.Wall, AutoCloseable {
    private final List<ChaosProxy> between = new ArrayList<>();

    @Override
    public int wayTo(LocalRedis primary) throws IOException {
      between.add(ChaosProxy.before(primary.port(), SplitBrain.SEED));
      return between.getFirst().port();
    }

    @Override
    public void rise(LocalRedis primary) {
      between.getFirst().weather(Weather.both(Wind.SWALLOWING));
    }

    @Override
    public void close() {
      between.forEach(ChaosProxy::close);
    }
  }

  @Test
  void the_old_primary_stops_taking_writes_within_its_lag_and_nobody_keeps_what_it_took_unnoticed()
      throws IOException {
    try (var wall = new Swallowing()) {
      SplitBrain.play(data, servers, wall);
    }
  }

  @Test
  @Tag("more-faults")
  void so_it_does_where_packets_are_dropped_and_connections_never_end() throws IOException {
    OwnNetwork.run(OfPackets.class, data);
  }

  /** The same in a network of its own. */
  static final class OfPackets {
    private static final Pattern ADDRESS = Pattern.compile("\\baddr=127\\.0\\.0\\.1:(\\d+)");

    private OfPackets() {}

    public static void main(String[] args) throws IOException {
      try (var servers = new RedisServers()) {
        SplitBrain.play(Path.of(args[0]), servers, new Dropping());
      }
    }

    private static final class Dropping implements SplitBrain.Wall {
      @Override
      public int wayTo(LocalRedis primary) {
        return primary.port();
      }

      /** The port from which the replica has called is the one thing that tells it from others. */
      @Override
      public void rise(LocalRedis primary) throws IOException {
        Matcher replica =
            ADDRESS.matcher(String.valueOf(primary.command("CLIENT", "LIST", "TYPE", "replica")));
        assertThat(replica.find()).isTrue();
        OwnNetwork.drop(Integer.parseInt(replica.group(1)));
      }
    }
  }
}
