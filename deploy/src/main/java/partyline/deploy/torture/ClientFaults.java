package partyline.deploy.torture;

import java.util.List;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.deploy.chaos.Wind.Ending;

/** What networks between clients and nodes do. */
final class ClientFaults {

  private ClientFaults() {}

  /**
   * @param doors one before each node
   */
  static List<Fault> at(List<ChaosProxy> doors) {
    return List.of(
        weather("clients: late", doors, Weather.both(Wind.delay(80, 250).stalling(3, 800))),
        weather("clients: single bytes", doors, Weather.both(Wind.NONE.crumbling())),
        weather("clients: cut", doors, Weather.both(Wind.NONE.ending(Ending.CUT, 40_000))),
        weather(
            "clients: half closed",
            doors,
            Weather.toServer(Wind.NONE.ending(Ending.HALF_CLOSE, 20_000))),
        weather(
            "clients: answers end early",
            doors,
            Weather.toClient(Wind.NONE.ending(Ending.HALF_CLOSE, 40_000))),
        new Fault(
            "clients: all come back at once",
            _ -> {
              doors.forEach(ChaosProxy::cutAll);
              return () -> {};
            }));
  }

  private static Fault weather(String name, List<ChaosProxy> doors, Weather weather) {
    return new Fault(
        name,
        random -> {
          ChaosProxy door = doors.get(random.nextInt(doors.size()));
          door.weather(weather);
          return () -> door.weather(Weather.CALM);
        });
  }
}
