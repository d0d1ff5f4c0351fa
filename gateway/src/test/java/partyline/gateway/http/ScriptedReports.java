package partyline.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import partyline.room.NodeReports;

/** What nodes said, kept for as long as the test. */
final class ScriptedReports implements NodeReports {

  final Map<String, String> said = new ConcurrentSkipListMap<>();
  final List<String> askedToLeave = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<Heard> say(String node, String json, Burden burden) {
    said.put(node, json);
    return CompletableFuture.completedFuture(
        new Heard(0, askedToLeave.remove(node), new Spread(1, 0, 0, 0)));
  }

  @Override
  public CompletionStage<Void> leave(String node) {
    said.remove(node);
    return CompletableFuture.allOf();
  }

  @Override
  public CompletionStage<List<String>> all() {
    return CompletableFuture.completedFuture(List.copyOf(said.values()));
  }

  @Override
  public CompletionStage<Void> askToLeave(String node) {
    askedToLeave.add(node);
    return CompletableFuture.allOf();
  }
}
