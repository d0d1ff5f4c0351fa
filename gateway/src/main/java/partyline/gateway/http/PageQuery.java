package partyline.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which page of a list: so many, from where the last page ended.
 *
 * @param after what that page said as {@code next}
 */
record PageQuery(int limit, Optional<String> after) {

  private static final int LIMIT_DEFAULT = 50;

  /** Of a list whose pages end with a number. */
  static Parsed<PageQuery> numbered(HttpServerRequest request, int most) {
    return parse(request, most, after -> after.matches("\\d{1,18}"));
  }

  /**
   * @param ends whether a page can have ended so
   */
  static Parsed<PageQuery> parse(HttpServerRequest request, int most, Predicate<String> ends) {
    return Query.of(request)
        .map(query -> parse(query, most, ends))
        .orElseGet(() -> Parsed.bad(Query.malformed()));
  }

  private static Parsed<PageQuery> parse(Query query, int most, Predicate<String> ends) {
    var faults = new Faults();
    String limit = query.first("limit").orElse(Integer.toString(LIMIT_DEFAULT));
    if (!limit.matches("\\d{1,9}")
        || Integer.parseInt(limit) < 1
        || Integer.parseInt(limit) > most) {
      faults.add("limit", "must be 1 to " + most);
    }
    Optional<String> after = query.first("after");
    if (!after.map(ends::test).orElse(true)) {
      faults.add("after", "must be what the last page said as next");
    }
    return faults
        .problem()
        .map(Parsed::<PageQuery>bad)
        .orElseGet(() -> Parsed.good(new PageQuery(Integer.parseInt(limit), after)));
  }
}
