package partyline.gateway.token;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.gateway.token.VerificationKeys.Issuer;

/**
 * Where a set of public keys is kept, and what the tokens must say that are signed with them.
 *
 * @param file empty if it is a URL
 * @param url empty if it is a file
 */
public record KeySetPlace(Optional<Path> file, Optional<URI> url, Issuer.Site issuer) {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /**
   * Of {@code <file or URL> [iss=<issuer>] [aud=<audience>]}; empty if it is none. A URL is https:
   * who stands in between would else choose the keys. Only this machine may do without.
   *
   * @param preset what counts where the entry itself says nothing
   */
  public static Optional<KeySetPlace> parse(String entry, Issuer.Site preset) {
    String[] words = entry.strip().split("\\s+");
    Optional<String> iss = preset.iss();
    Optional<String> aud = preset.aud();
    for (int i = 1; i < words.length; i++) {
      if (words[i].startsWith("iss=") && words[i].length() > 4) {
        iss = Optional.of(words[i].substring(4));
      } else if (words[i].startsWith("aud=") && words[i].length() > 4) {
        aud = Optional.of(words[i].substring(4));
      } else {
        return Optional.empty();
      }
    }
    return at(words[0], new Issuer.Site(iss, aud));
  }

  private static Optional<KeySetPlace> at(String place, Issuer.Site issuer) {
    try {
      if (place.contains("://")) {
        return Optional.of(new URI(place))
            .filter(KeySetPlace::isSafe)
            .map(url -> new KeySetPlace(Optional.empty(), Optional.of(url), issuer));
      }
      return place.isEmpty()
          ? Optional.empty()
          : Optional.of(new KeySetPlace(Optional.of(Path.of(place)), Optional.empty(), issuer));
    } catch (URISyntaxException | InvalidPathException malformed) {
      return Optional.empty();
    }
  }

  private static boolean isSafe(URI url) {
    @Nullable String host = url.getHost();
    if (host == null || url.getUserInfo() != null) {
      return false;
    }
    return switch (url.getScheme().toLowerCase(Locale.ROOT)) {
      case "https" -> true;
      case "http" -> LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
      default -> false;
    };
  }

  @Override
  public String toString() {
    return url.map(URI::toString).or(() -> file.map(Path::toString)).orElse("");
  }
}
