package partyline.gateway;

import java.util.HashMap;
import java.util.Map;

/** A gateway's settings for a test: any free port, and what the test says. */
public final class TestConfig {

  private TestConfig() {}

  public static GatewayConfig config(String... settings) {
    var env = new HashMap<String, String>();
    env.put("PARTYLINE_SECRET", "a secret of a test, thirty-two bytes and more");
    env.put("PARTYLINE_MODE", "local");
    env.put("PARTYLINE_LISTEN", "127.0.0.1:0");
    env.put("PARTYLINE_OPS_LISTEN", "127.0.0.1:0");
    for (int i = 0; i < settings.length; i += 2) {
      env.put(settings[i], settings[i + 1]);
    }
    return GatewayConfig.from(Map.copyOf(env));
  }
}
