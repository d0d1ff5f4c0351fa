package partyline.gateway.hub;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Reset;
import partyline.room.Author;
import partyline.room.Author.Kind;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.Snapshot;
import partyline.room.UserId;
import partyline.room.View;
import partyline.room.chat.Actor;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Emoji;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;
import partyline.room.chat.Permission;
import partyline.room.chat.Policy;
import partyline.room.chat.Role;
import partyline.room.chat.RoomFields;
import partyline.room.chat.RoomSettings;
import partyline.room.chat.Rules;
import partyline.room.chat.SettingsChange;
import partyline.room.chat.Standing;
import partyline.room.chat.Turn;

/**
 * Whatever several people do on two nodes, each listening on both, however fast: who may read the
 * room to the end knows from the stream what a fresh snapshot shows; who lost it in between heard
 * the event that took it, a reset, and nothing after.
 */
final class RightsProperties {

  private static final RoomId TEA = new RoomId("tea");
  private static final Policy POLICY = new Policy(Policy.Creation.MEMBERS, true);
  private static final Actor SITE = actor("site", Kind.SERVICE);
  private static final List<Actor> PEOPLE =
      List.of(
          actor("ada", Kind.MEMBER),
          actor("bob", Kind.MEMBER),
          actor("cara", Kind.MEMBER),
          actor("guest:dan", Kind.GUEST));
  private static final List<Emoji> EMOJI =
      List.of(Emoji.of("👍").orElseThrow(), Emoji.of(":cake:").orElseThrow());

  /**
   * @param here on which of the two nodes
   * @param settles whether everybody hears of it before the next
   */
  record Step(int what, int who, int whom, int about, boolean here, boolean settles) {}

  @Property(tries = 150)
  void what_the_stream_told_is_what_a_snapshot_shows(@ForAll("steps") List<Step> steps) {
    var cluster = new MemoryCluster();
    List<MemoryCluster.Node> nodes = List.of(cluster.start(1), cluster.start(1));
    List<Commands> commands = List.of(commands(cluster), commands(cluster));
    carryOut(commands.getFirst(), PEOPLE.getFirst(), new Command.PutRoom(change("{}")));
    List<Listener> listeners = new ArrayList<>();
    for (Actor person : PEOPLE) {
      for (MemoryCluster.Node node : nodes) {
        listeners.add(Listener.join(cluster, node, person));
      }
    }
    cluster.run();

    var messages = new ArrayList<EventId>();
    for (Step step : steps) {
      cluster.clock.advance(Duration.ofSeconds(1));
      if (step.what() < 2) {
        listeners.get(step.who() * 2 + step.about() % 2).connection().takes(step.whom());
      } else {
        Actor who = step.who() == 0 && step.about() == 0 ? SITE : PEOPLE.get(step.who());
        Outcome outcome = carryOut(commands.get(step.here() ? 0 : 1), who, command(step, messages));
        if (outcome instanceof Outcome.Done(Event event) && event.number() > 0) {
          messages.add(event.id());
        }
      }
      if (step.settles()) {
        cluster.run();
      }
    }
    cluster.run();
    listeners.forEach(listener -> listener.connection().drains(Integer.MAX_VALUE));
    cluster.run();

    var shown = Client.of(now(cluster.log.snapshot(TEA, 200, Set.of(RoomFields.SETTINGS))));
    for (Listener listener : listeners) {
      listener.check(shown);
    }
  }

  private static Command command(Step step, List<EventId> messages) {
    UserId whom = PEOPLE.get(step.whom()).id();
    EventId message =
        messages.isEmpty()
            ? new EventId(1, 0)
            : messages.get(Math.max(0, messages.size() - 1 - step.about()));
    Emoji emoji = EMOJI.get(step.about() % 2);
    return switch (step.what()) {
      case 2 -> new Command.Edit(message, "edit " + step.about());
      case 3 -> new Command.Delete(message);
      case 4 -> new Command.React(message, emoji);
      case 5 -> new Command.Unreact(message, emoji);
      case 6 -> new Command.Pin(message);
      case 7 -> new Command.Unpin(message);
      case 8 -> new Command.Join();
      case 9 -> new Command.Leave();
      case 10 -> new Command.SetMember(whom, step.about() == 1 ? Role.MODERATOR : Role.MEMBER);
      case 11 -> new Command.RemoveMember(whom);
      case 12 -> new Command.Ban(whom, Optional.of(Duration.ofHours(1)), Optional.empty());
      case 13 -> new Command.Unban(whom);
      case 14 -> new Command.ChangeSettings(change("{\"access\":\"members\"}"));
      case 15 -> new Command.ChangeSettings(change("{\"access\":\"private\"}"));
      case 16 -> new Command.ChangeSettings(change("{\"access\":\"open\"}"));
      case 17 -> new Command.ChangeSettings(change("{\"guests\":" + (step.about() > 1) + "}"));
      default -> Command.Post.of("text " + step.about());
    };
  }

  private static Commands commands(MemoryCluster cluster) {
    return new Commands(cluster.log, new Rules(POLICY), () -> EventId.ZERO);
  }

  private static Outcome carryOut(Commands commands, Actor who, Command command) {
    return now(commands.carryOut(new Intent(TEA, who, command)));
  }

  private static Actor actor(String id, Kind kind) {
    return Actor.of(new Author(new UserId(id), id, Optional.empty(), kind));
  }

  private static SettingsChange change(String settings) {
    return SettingsChange.of((ObjectNode) json(settings));
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new AssertionError(text, broken);
    }
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** One of a person's streams. */
  private record Listener(MemoryCluster cluster, Actor person, RecordingConnection connection)
      implements Visitor {

    static Listener join(MemoryCluster cluster, MemoryCluster.Node node, Actor person) {
      var listener = new Listener(cluster, person, RecordingConnection.that());
      EventId head = requireNonNull(now(cluster.log.heads(List.of(TEA))).get(TEA));
      node.hubs
          .getFirst()
          .join(
              listener.connection,
              List.of(TEA),
              new Start.After(EventId.ZERO),
              listener,
              Attendee.NOBODY,
              Map.of(TEA, head));
      return listener;
    }

    @Override
    public Turn.Effect on(Turn turn) {
      return turn.on(Optional.of(person.author()));
    }

    @Override
    public CompletionStage<Look> look(RoomId room) {
      return cluster
          .log
          .view(room, Standing.fields(room, person), List.of())
          .thenApply(view -> new Look(reads(view), view.head()));
    }

    private boolean reads(View view) {
      return Standing.of(TEA, person, view, POLICY).refusal(Permission.READ).isEmpty();
    }

    void check(Client shown) {
      if (connection.goodbyes.isEmpty()) {
        View view = now(cluster.log.view(TEA, Standing.fields(TEA, person), List.of()));
        assertThat(reads(view)).as("%s hears on and may not", person.id()).isTrue();
        assertThat(connection.resets).isEmpty();
        var heard = new Client();
        connection.events.forEach(frame -> heard.hear(json(frame.json().toString())));
        assertThat(heard.messages).isEqualTo(shown.messages);
        assertThat(heard.settings).isEqualTo(shown.settings);
      } else {
        assertThat(connection.resets)
            .extracting(Reset::reason)
            .containsExactly(Reset.Reason.FORBIDDEN);
        Frame last = connection.events.getLast();
        assertThat(last.turn()).as("what %s lost the room by", person.id()).isNotNull();
        assertThat(connection.told)
            .endsWith(last.id().toString(), "reset forbidden " + last.id(), "bye forbidden");
      }
    }
  }

  /** What a client knows of a room: folded from events, or from a snapshot. */
  private static final class Client {
    final Map<String, ObjectNode> messages = new TreeMap<>();
    JsonNode settings = Json.MAPPER.nullNode();

    static Client of(Snapshot snapshot) {
      var client = new Client();
      for (Message message : snapshot.messages()) {
        client.messages.put(
            message.id().toString(), (ObjectNode) json(EventCodec.messageJson(message)));
      }
      client.settings =
          RoomSettings.parse(requireNonNull(snapshot.fields().get(RoomFields.SETTINGS))).toJson();
      return client;
    }

    void hear(JsonNode event) {
      JsonNode data = event.path("data");
      String id = data.path("message").path("id").asText(data.path("message_id").asText());
      ObjectNode known = messages.get(id);
      switch (event.path("type").asText()) {
        case "message.created" -> messages.put(id, (ObjectNode) data.path("message"));
        case "message.updated" -> {
          ObjectNode updated = (ObjectNode) data.path("message");
          for (String kept : List.of("reactions", "pinned")) {
            if (known != null && known.has(kept)) {
              updated.set(kept, known.get(kept));
            }
          }
          messages.replace(id, updated);
        }
        // Also of one never heard of: its words were gone before it could be told.
        case "message.deleted" -> {
          if (data.path("message").has("number")) {
            messages.put(id, (ObjectNode) data.path("message"));
          }
        }
        case "message.pinned" -> {
          if (known != null) {
            known.put("pinned", true);
          }
        }
        case "message.unpinned" -> {
          if (known != null) {
            known.remove("pinned");
          }
        }
        case "reaction.added", "reaction.removed" -> {
          if (known != null) {
            react(known, data, event.path("type").asText().endsWith("added"));
          }
        }
        case "room.updated" -> settings = data.path("room");
        default -> {}
      }
    }

    private static void react(ObjectNode message, JsonNode data, boolean added) {
      ArrayNode kinds = message.withArray("/reactions");
      int at = 0;
      while (at < kinds.size() && !kinds.get(at).path("emoji").equals(data.path("emoji"))) {
        at++;
      }
      if (at == kinds.size()) {
        kinds.addObject().setAll(Map.of("emoji", data.path("emoji")));
      }
      ObjectNode kind = (ObjectNode) kinds.get(at);
      ArrayNode users = kind.withArray("/users");
      if (added && users.size() < 20) {
        users.add(data.path("user_id"));
      } else if (!added) {
        for (int i = users.size() - 1; i >= 0; i--) {
          if (users.get(i).equals(data.path("user_id"))) {
            users.remove(i);
          }
        }
      }
      kind.set("count", data.path("count"));
      if (data.path("count").asInt() == 0) {
        kinds.remove(at);
      }
      if (kinds.isEmpty()) {
        message.remove("reactions");
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.integers().between(0, 26),
                Arbitraries.integers().between(0, PEOPLE.size() - 1),
                Arbitraries.integers().between(0, PEOPLE.size() - 1),
                Arbitraries.integers().between(0, 3),
                Arbitraries.of(true, false),
                Arbitraries.of(true, true, false))
            .as(Step::new);
    return step.list().ofMinSize(5).ofMaxSize(60);
  }
}
