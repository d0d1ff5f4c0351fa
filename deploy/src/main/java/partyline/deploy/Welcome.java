package partyline.deploy;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.room.Limits;
import partyline.room.UserId;
import partyline.room.redis.local.LocalRedis;

/** What {@code up} says when everything serves: what runs where, and three lines to try it with. */
final class Welcome {
  private static final UserId WHO = new UserId("ada");
  private static final String NAME = "Ada";

  private final LocalCluster cluster;
  private final List<String> urls;
  private final String bearer;

  Welcome(LocalCluster cluster, Instant now) {
    this.cluster = cluster;
    this.urls = cluster.urls().stream().map(Welcome::local).toList();
    String token = cluster.secret().token(WHO, Optional.of(NAME), Limits.TOKEN_LIFE, now);
    this.bearer = "-H 'Authorization: Bearer " + token + "'";
  }

  String text() {
    String here = urls.getFirst();
    // Another node where there is one: what is said on one is heard on the other.
    String there = urls.getLast();
    return String.join("\n", parts())
        + """


        Listen, poll and speak (the token is %s's, for %d hours):

        curl -N %s '%s/v1/events?rooms=lobby'

        curl %s '%s/v1/events?rooms=lobby&since=0&wait=25'

        curl %s -H 'Content-Type: application/json' -d '{"text":"Hello"}' %s/v1/rooms/lobby/messages

        %s
        Ctrl-C stops everything.
        """
            .formatted(
                NAME,
                Limits.TOKEN_LIFE.toHours(),
                bearer,
                there,
                bearer,
                there,
                bearer,
                here,
                dare());
  }

  private List<String> parts() {
    var lines = new ArrayList<String>();
    lines.add(line("page", page()));
    for (Node node : cluster.gateways()) {
      lines.add(
          line(node.name(), local(node.url()) + "  ops " + node.opsUrl() + "  pid " + node.pid()));
    }
    for (Node node : cluster.workers()) {
      lines.add(line(node.name(), "ops " + node.opsUrl() + "  pid " + node.pid()));
    }
    lines.add(line("Redis", cluster.redis().map(Welcome::own).orElse(address(cluster.redisUri()))));
    cluster
        .archive()
        .ifPresent(
            archive -> lines.add(line("PostgreSQL", archive.url() + "  pid " + archive.pid())));
    lines.add(line("data", cluster.data() + "  (logs in " + cluster.data().resolve("logs") + ")"));
    return lines;
  }

  private String page() {
    return urls.getFirst() + "/" + (urls.size() > 1 ? "?nodes=" + String.join(",", urls) : "");
  }

  private String dare() {
    Node victim = cluster.gateways().getFirst();
    return urls.size() > 1
        ? "Open the page, then kill its node and see it go on: kill -9 " + victim.pid()
        : "";
  }

  private static String line(String name, String what) {
    return "  %-10s %s".formatted(name, what);
  }

  private static String own(LocalRedis redis) {
    return redis.binary().describe() + " on port " + redis.port() + "  pid " + redis.pid();
  }

  /** Without the password. */
  private static String address(String uri) {
    return uri.replaceFirst("//.*@", "//") + " (as it is)";
  }

  /** As people write it; a browser counts it as a page of this machine either way. */
  private static String local(URI url) {
    return url.toString().replace("//127.0.0.1:", "//localhost:");
  }
}
