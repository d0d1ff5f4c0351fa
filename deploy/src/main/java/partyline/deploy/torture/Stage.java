package partyline.deploy.torture;

import java.net.URI;
import java.util.List;
import partyline.room.redis.RedisConfig;

/** The cluster that is tortured. */
interface Stage extends AutoCloseable {

  /** Where clients find its nodes. */
  List<URI> nodes();

  RedisConfig redis();

  /** A token of somebody of that name, good for the whole run. */
  String token(String sub);

  List<Fault> faults();

  @Override
  void close();
}
