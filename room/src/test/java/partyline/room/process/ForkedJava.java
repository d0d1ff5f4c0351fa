package partyline.room.process;

import java.nio.file.Path;
import java.util.List;

/** A main class of the tests in a Java of its own, to be killed as only a process can be. */
public final class ForkedJava {
  private ForkedJava() {}

  public static ChildCommand running(Class<?> main, String... arguments) {
    return ChildCommand.of(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()))
        .and(arguments);
  }
}
