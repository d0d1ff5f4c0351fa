package partyline.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.gateway.token.ShutoutBook.Reason;
import partyline.room.Author;
import partyline.room.Shutout;
import partyline.room.Shutouts.Standing;
import partyline.room.UserId;

final class ShutoutBookTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant DAY_AGO = NOW.minusSeconds(86_400);
  private static final UserId ADA = new UserId("ada");
  private static final UserId BOB = new UserId("bob");

  private final ShutoutBook book = new ShutoutBook();

  private Optional<Reason> refusal(UserId user, Instant issuedAt) {
    var caller =
        new Caller(
            user,
            "x",
            Optional.empty(),
            Author.Kind.MEMBER,
            issuedAt,
            issuedAt.plusSeconds(600),
            List.of());
    return book.refusal(caller, NOW);
  }

  private static Standing standing(long version, Shutout... all) {
    return new Standing(version, Optional.of(List.of(all)));
  }

  @Test
  void a_missed_change_shows_and_asks_for_all_of_it() {
    book.read(standing(4), DAY_AGO);
    book.hear(5, new Shutout.Revoked(ADA, NOW));
    assertThat(book.version()).isEqualTo(5);

    book.hear(7, new Shutout.Banned(BOB, Optional.empty()));
    assertThat(book.version()).isEqualTo(-1);
    assertThat(refusal(BOB, NOW)).contains(Reason.BANNED);
  }

  @Test
  void what_was_heard_while_an_older_answer_was_on_its_way_stays() {
    book.read(standing(4), DAY_AGO);
    book.hear(5, new Shutout.Banned(BOB, Optional.empty()));

    book.read(standing(4), DAY_AGO);

    assertThat(refusal(BOB, NOW)).contains(Reason.BANNED);
    assertThat(book.version()).isEqualTo(-1);
    book.read(standing(5, new Shutout.Banned(BOB, Optional.empty())), DAY_AGO);
    assertThat(book.version()).isEqualTo(5);
  }

  @Test
  void a_ban_that_was_lifted_unheard_is_gone_with_the_next_reading() {
    book.read(standing(4, new Shutout.Banned(BOB, Optional.empty())), DAY_AGO);
    book.read(standing(5), DAY_AGO);

    assertThat(refusal(BOB, NOW)).isEmpty();
  }

  @Test
  void a_revocation_that_redis_forgot_still_holds() {
    book.read(standing(4, new Shutout.Revoked(ADA, NOW)), DAY_AGO);
    book.read(standing(0), DAY_AGO);

    assertThat(refusal(ADA, NOW)).contains(Reason.REVOKED);
    assertThat(refusal(ADA, NOW.plusSeconds(1))).isEmpty();
    book.read(standing(1), NOW.plusSeconds(1));
    assertThat(refusal(ADA, NOW)).isEmpty();
  }

  @Test
  void an_earlier_revocation_does_not_undo_a_later_one() {
    book.hear(1, new Shutout.Revoked(ADA, NOW));
    book.hear(2, new Shutout.Revoked(ADA, NOW.minusSeconds(9)));

    assertThat(refusal(ADA, NOW)).contains(Reason.REVOKED);
  }

  @Test
  void who_listens_hears_after_the_book_knows() {
    var heard = new ArrayList<Optional<Reason>>();
    book.whenShutOut(user -> heard.add(refusal(user, NOW)));

    book.hear(1, new Shutout.Revoked(ADA, NOW));
    book.read(standing(2, new Shutout.Banned(BOB, Optional.empty())), DAY_AGO);

    assertThat(heard).containsExactly(Optional.of(Reason.REVOKED), Optional.of(Reason.BANNED));
  }
}
