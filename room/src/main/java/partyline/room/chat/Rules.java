package partyline.room.chat;

import java.util.Optional;
import partyline.room.View;

/**
 * What becomes of a command, decided on what is so at one instant.
 *
 * <p>Pure: the same intent on the same view makes the same decision, whoever asks and whenever. So
 * it can be decided on what a node remembers, again on what the log says when that was stale, and
 * once more by a judge who replays the log.
 */
public final class Rules {

  private final Policy policy;

  public Rules(Policy policy) {
    this.policy = policy;
  }

  /**
   * @param view of all that {@link Needs#of} names
   */
  public Decision decide(Intent intent, View view) {
    if (intent.command() instanceof Command.OpenDirect(Direct direct)) {
      return RoomRules.open(intent, direct, new Reading(view), policy);
    }
    Scene scene = Scene.of(intent, new Reading(view), policy);
    return outOfPlace(scene).map(Scene::refuse).orElseGet(() -> decide(scene, intent.command()));
  }

  private static Decision decide(Scene scene, Command command) {
    return switch (command) {
      case Command.Post post -> MessageRules.post(scene, post);
      case Command.Edit edit -> MessageRules.edit(scene, edit);
      case Command.Delete delete -> MessageRules.delete(scene, delete);
      case Command.React(var message, var emoji) -> MessageRules.react(scene, message, emoji, true);
      case Command.Unreact(var message, var emoji) ->
          MessageRules.react(scene, message, emoji, false);
      case Command.Pin(var message) -> MessageRules.pin(scene, message);
      case Command.Unpin(var message) -> MessageRules.unpin(scene, message);
      case Command.Join _ -> MemberRules.join(scene);
      case Command.Leave _ -> MemberRules.leave(scene);
      case Command.SetMember set -> MemberRules.set(scene, set);
      case Command.RemoveMember(var user) -> MemberRules.remove(scene, user);
      case Command.Ban ban -> SanctionRules.ban(scene, ban);
      case Command.Unban(var user) -> SanctionRules.unban(scene, user);
      case Command.Mute mute -> SanctionRules.mute(scene, mute);
      case Command.Unmute(var user) -> SanctionRules.unmute(scene, user);
      case Command.PutRoom(var settings) -> RoomRules.put(scene, settings);
      case Command.ChangeSettings(var settings) -> RoomRules.change(scene, settings);
      case Command.DeleteRoom _ -> RoomRules.delete(scene);
      case Command.Emit emit -> RoomRules.emit(scene, emit);
      case Command.OpenDirect _ -> throw new IllegalStateException("decided before");
    };
  }

  /**
   * Inboxes take the site's own events and nothing else. In a direct room people talk; who is in it
   * was settled when it was made. A room that is not there takes what begins one.
   */
  private static Optional<Refusal> outOfPlace(Scene scene) {
    Command command = scene.intent().command();
    if (scene.room().isInbox()) {
      return command instanceof Command.Emit ? Optional.empty() : reserved(scene);
    }
    if (scene.room().isDirect() && !isTalk(command)) {
      return reserved(scene);
    }
    boolean there = scene.standing().exists() || begins(scene, command);
    return there ? Optional.empty() : Optional.of(new Refusal.NotFound());
  }

  /**
   * Not there is what it is to strangers, whatever they would like to do in it. Whether two people
   * have a direct room is theirs to know, and its name can be worked out.
   */
  private static Optional<Refusal> reserved(Scene scene) {
    boolean hidden = scene.standing().exists() || scene.room().isDirect();
    return Optional.of(
        scene.standing().position() == Position.STRANGER && hidden
            ? new Refusal.NotFound()
            : new Refusal.Reserved());
  }

  private static boolean isTalk(Command command) {
    return switch (command) {
      case Command.Post _,
          Command.Edit _,
          Command.Delete _,
          Command.React _,
          Command.Unreact _,
          Command.Emit _ ->
          true;
      default -> false;
    };
  }

  private static boolean begins(Scene scene, Command command) {
    return scene.standing().position() != Position.STRANGER
        && switch (command) {
          case Command.Post _, Command.Join _, Command.PutRoom _, Command.Emit _ -> true;
          default -> false;
        };
  }
}
