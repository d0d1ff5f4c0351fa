package partyline.deploy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which package may know which:
 *
 * <pre>
 * http -> hub -> connection -> room <- room.redis
 * room.chat -> room, room.text
 * http -> presence -> hub
 * feed -> hub        worker -> room, room.redis
 * </pre>
 *
 * <p>An arrow may skip a step (http may know a connection), never turn round. Rules for packages
 * that are still empty hold.
 */
final class LayersTest {
  private static final String ROOM = "partyline.room";
  private static final String CHAT = "partyline.room.chat..";
  private static final String TEXT = "partyline.room.text..";
  private static final String PARTITIONED = "partyline.room.partitioned..";
  private static final String REDIS = "partyline.room.redis..";
  private static final String ARCHIVE = "partyline.room.archive..";
  private static final String HTTP = "partyline.gateway.http..";
  private static final String FEED = "partyline.gateway.feed..";
  private static final String HUB = "partyline.gateway.hub..";
  private static final String PRESENCE = "partyline.gateway.presence..";
  private static final String CONNECTION = "partyline.gateway.connection..";
  private static final String[] NETWORK = {
    "io.vertx..",
    "io.netty..",
    "io.lettuce..",
    "reactor..",
    "com.sun.net.httpserver..",
    "java.net.http.."
  };

  /** The two that wire the gateway together, with what the compiler nests inside them. */
  private static final Set<String> WIRING =
      Set.of("partyline.gateway.Gateway", "partyline.gateway.Realm");

  private static final DescribedPredicate<JavaClass> GATEWAY_MAIN =
      describe(
          "the gateway's main class and what it has of Redis",
          type -> WIRING.contains(type.getName().split("\\$", 2)[0]));

  private static JavaClasses ours;

  @BeforeAll
  static void readOurClasses() {
    ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("partyline");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "partyline.room",
        "partyline.room.archive",
        "partyline.room.chat",
        "partyline.room.partitioned",
        "partyline.room.redis",
        "partyline.room.text",
        "partyline.gateway",
        "partyline.gateway.http",
        "partyline.gateway.feed",
        "partyline.gateway.hub",
        "partyline.gateway.presence",
        "partyline.gateway.connection",
        "partyline.worker",
        "partyline.deploy"
      })
  void every_package_was_read(String name) {
    assertThat(ours).anyMatch(type -> type.getPackageName().equals(name));
  }

  @Test
  void the_room_knows_neither_redis_nor_a_network() {
    forbid(resideInAnyPackage(ROOM, CHAT, TEXT, PARTITIONED), resideInAnyPackage(NETWORK));
    forbid(resideInAnyPackage(ROOM, CHAT, TEXT, PARTITIONED), resideInAPackage(REDIS));
  }

  @Test
  void the_room_knows_no_process_that_holds_it() {
    forbid(
        resideInAPackage("partyline.room.."),
        resideInAnyPackage("partyline.gateway..", "partyline.worker..", "partyline.deploy.."));
  }

  @Test
  void the_log_and_its_edge_know_no_rules() {
    forbid(resideInAnyPackage(ROOM, REDIS, TEXT, PARTITIONED), resideInAPackage(CHAT));
  }

  @Test
  void the_redis_edge_knows_no_http() {
    forbid(
        resideInAPackage(REDIS),
        resideInAnyPackage("io.vertx..", "com.sun.net.httpserver..", "java.net.http.."));
  }

  @Test
  void only_the_redis_edge_speaks_to_redis() {
    forbid(
        resideInAnyPackage("partyline.gateway..", "partyline.worker.."),
        resideInAPackage("io.lettuce.."));
  }

  @Test
  void in_the_gateway_only_its_main_sees_the_redis_edge() {
    forbid(
        resideInAPackage("partyline.gateway..").and(DescribedPredicate.not(GATEWAY_MAIN)),
        resideInAPackage(REDIS));
  }

  @Test
  void what_serves_requests_knows_the_archive_and_not_what_keeps_it() {
    forbid(
        resideInAnyPackage(ROOM, CHAT, TEXT, REDIS, HTTP, FEED, HUB, CONNECTION, PRESENCE),
        resideInAnyPackage(ARCHIVE, "java.sql..", "com.zaxxer..", "org.postgresql.."));
  }

  @Test
  void nothing_in_the_gateway_reaches_back_for_its_main() {
    forbid(resideInAnyPackage(HTTP, FEED, HUB, CONNECTION), GATEWAY_MAIN);
  }

  @Test
  void a_connection_knows_neither_hub_nor_feed_nor_http() {
    forbid(resideInAPackage(CONNECTION), resideInAnyPackage(HUB, FEED, HTTP));
  }

  @Test
  void a_hub_knows_neither_feed_nor_http() {
    forbid(resideInAPackage(HUB), resideInAnyPackage(FEED, HTTP, PRESENCE));
  }

  @Test
  void what_is_said_of_who_is_here_knows_neither_connection_nor_feed_nor_http() {
    forbid(resideInAPackage(PRESENCE), resideInAnyPackage(CONNECTION, FEED, HTTP));
  }

  @Test
  void a_feed_encodes_frames_but_knows_no_http() {
    forbid(resideInAPackage(FEED), resideInAPackage(HTTP));
  }

  @Test
  void http_does_not_know_the_feed() {
    forbid(resideInAPackage(HTTP), resideInAPackage(FEED));
  }

  @Test
  void gateway_and_worker_do_not_know_each_other_nor_what_deploys_them() {
    forbid(
        resideInAPackage("partyline.gateway.."),
        resideInAnyPackage("partyline.worker..", "partyline.deploy.."));
    forbid(
        resideInAPackage("partyline.worker.."),
        resideInAnyPackage("partyline.gateway..", "partyline.deploy.."));
  }

  @Test
  void the_worker_needs_no_event_loop() {
    forbid(resideInAPackage("partyline.worker.."), resideInAnyPackage("io.vertx..", "io.netty.."));
  }

  private static void forbid(
      DescribedPredicate<? super JavaClass> who, DescribedPredicate<? super JavaClass> what) {
    noClasses().that(who).should().dependOnClassesThat(what).allowEmptyShould(true).check(ours);
  }
}
