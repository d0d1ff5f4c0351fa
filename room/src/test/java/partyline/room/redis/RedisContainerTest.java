package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Redis as others ship it keeps the contract: another build, set up by nobody, behind a network
 * and a password. {@code PARTYLINE_TEST_REDIS_IMAGE} names another one, such as {@code
 * valkey/valkey:8.1-alpine}.
 */
final class RedisContainerTest extends RedisRoomLogContract {

  private static final String DEFAULT_IMAGE = "redis:7-alpine";
  private static final int PORT = 6379;

  private static @Nullable GenericContainer<?> container;
  private static @Nullable RedisEdge edge;

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "No Docker answers: install an engine (Debian: apt-get install docker.io) or point"
            + " DOCKER_HOST at one.");
    String named = System.getenv("PARTYLINE_TEST_REDIS_IMAGE");
    var started =
        new GenericContainer<>(
                DockerImageName.parse(named == null || named.isEmpty() ? DEFAULT_IMAGE : named))
            .withExposedPorts(PORT)
            .withCommand("--requirepass", "s3cret");
    container = started;
    started.start();
    edge =
        RedisEdge.fresh("redis://:s3cret@" + started.getHost() + ":" + started.getMappedPort(PORT));
  }

  @AfterAll
  static void stop() {
    if (edge != null) {
      edge.close();
    }
    if (container != null) {
      container.stop();
    }
  }

  @Test
  void it_passes_the_check() {
    assertThat(await(RedisCheck.check(edge().connections))).isEmpty();
  }

  @Override
  RedisEdge edge() {
    if (edge == null) {
      throw new IllegalStateException("not started");
    }
    return edge;
  }
}
