package partyline.deploy.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.room.Limits;
import partyline.room.Settings;
import partyline.room.UserId;

/**
 * The key that a site and this cluster share, in the file {@code secret} of the data folder: one
 * line of text, for the owner's eyes only. It signs tokens as a site would.
 */
public final class ClusterSecret {
  private static final String NAME = "secret";
  private static final int RANDOM_BYTES = 32;
  private static final int MIN_BYTES = 32;
  private static final String OWNER_ONLY = "rw-------";

  private final Path file;
  private final Settings.Secret key;

  /** The secret of a cluster that has been started in this folder; empty if none has. */
  public static Optional<ClusterSecret> find(Path data) {
    Path file = data.toAbsolutePath().normalize().resolve(NAME);
    return Files.exists(file) ? Optional.of(new ClusterSecret(file)) : Optional.empty();
  }

  /** What the folder holds, else 256 random bits in hex. */
  static ClusterSecret madeOnce(Path data) {
    Path file = data.resolve(NAME);
    try {
      if (Files.notExists(file)) {
        write(file, random());
      } else if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
          .equals(OWNER_ONLY)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER_ONLY));
      }
    } catch (IOException e) {
      throw new ClusterException("The secret " + file + " cannot be kept: " + e, e);
    }
    return new ClusterSecret(file);
  }

  private ClusterSecret(Path file) {
    this.file = file;
    // As the gateways read it: what would be wrong for them is wrong here, in the same words.
    this.key =
        new Settings(Map.of("PARTYLINE_SECRET_FILE", file.toString()))
            .secret("PARTYLINE_SECRET", MIN_BYTES)
            .orElseThrow();
  }

  public Path file() {
    return file;
  }

  /**
   * A token as a site would sign it for a member: {@code sub}, {@code name}, {@code iat}, {@code
   * exp}; HS256.
   *
   * @param life at most {@link Limits#TOKEN_LIFE}, else every gateway would refuse it
   */
  public String token(UserId sub, Optional<String> name, Duration life, Instant now) {
    var claims = new LinkedHashMap<String, Object>();
    name.ifPresent(text -> claims.put("name", text));
    return token(sub, claims, life, now);
  }

  /** A token of one of the site's own services: as {@link #token}, with {@code role: service}. */
  public String serviceToken(UserId sub, Duration life, Instant now) {
    return token(sub, Map.of("role", "service"), life, now);
  }

  /**
   * A token with whatever else a site may say of somebody.
   *
   * @param more claims beside {@code sub}, {@code iat} and {@code exp}
   */
  public String token(UserId sub, Map<String, Object> more, Duration life, Instant now) {
    var claims = claims(sub, life, now);
    more.forEach(claims::claim);
    return signed(claims.build());
  }

  private static JWTClaimsSet.Builder claims(UserId sub, Duration life, Instant now) {
    if (sub.isGuest()) {
      throw new ClusterException("Only the gateways make guests: take a sub without guest:.");
    }
    if (life.toSeconds() < 1 || life.compareTo(Limits.TOKEN_LIFE) > 0) {
      throw new ClusterException(
          "A token lives from 1 s to " + Limits.TOKEN_LIFE.toHours() + " h.");
    }
    return new JWTClaimsSet.Builder()
        .subject(sub.value())
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(life)));
  }

  private String signed(JWTClaimsSet claims) {
    try {
      var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
      token.sign(new MACSigner(key.bytes()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new ClusterException("The token could not be signed: " + e.getMessage(), e);
    }
  }

  private static String random() {
    var bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Under another name first: a start that was cut short leaves no half a secret behind. */
  private static void write(Path file, String text) throws IOException {
    Path half = file.resolveSibling(NAME + ".new");
    Files.deleteIfExists(half);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY));
    try (var channel = FileChannel.open(half, Set.of(CREATE_NEW, WRITE), ownerOnly)) {
      var bytes = UTF_8.encode(text + "\n");
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(half, file, ATOMIC_MOVE);
  }
}
