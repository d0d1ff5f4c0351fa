package partyline.gateway.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Header fields as they came; names in lower case. */
public record Headers(List<Field> fields) {

  public record Field(String name, String value) {}

  public Headers {
    fields = List.copyOf(fields);
  }

  /** Lines without a colon are no fields, and are left out. */
  static Headers parse(List<String> lines) {
    var fields = new ArrayList<Field>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.add(
            new Field(
                line.substring(0, colon).toLowerCase(Locale.ROOT),
                line.substring(colon + 1).strip()));
      }
    }
    return new Headers(fields);
  }

  Optional<String> first(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return fields.stream()
        .filter(field -> field.name().equals(wanted))
        .map(Field::value)
        .findFirst();
  }

  Set<String> names() {
    var names = new TreeSet<String>();
    fields.forEach(field -> names.add(field.name()));
    return names;
  }
}
