package partyline.worker.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks a name server; may take long. */
public interface Names {

  Names SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /** One at least. */
  List<InetAddress> resolve(String host) throws UnknownHostException;
}
