package partyline.deploy;

import ch.qos.logback.core.PropertyDefinerBase;
import java.util.Locale;
import java.util.Map;
import partyline.room.Settings;

/** How a line of the log looks: {@code PARTYLINE_LOG}. */
enum LogFormat {
  TEXT,
  JSON;

  /**
   * @throws Settings.Wrong for another word
   */
  static LogFormat of(Map<String, String> environment) {
    return new Settings(environment).choice("PARTYLINE_LOG", LogFormat.class, TEXT);
  }

  /**
   * For logback.xml, which would log nothing at all for a word that names no appender: text then,
   * and the command that was started says what is wrong.
   */
  public static final class Chosen extends PropertyDefinerBase {
    @Override
    public String getPropertyValue() {
      return appender(System.getenv());
    }

    static String appender(Map<String, String> environment) {
      try {
        return of(environment).name().toLowerCase(Locale.ROOT);
      } catch (Settings.Wrong wrong) {
        return "text";
      }
    }
  }
}
