package partyline.room.archive.local;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that start a PostgreSQL: skipped where none can run, with the sentence that says why. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPostgres.Condition.class)
public @interface NeedsPostgres {

  /** In a folder that is as private as those of tests are. */
  final class Condition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        Path folder = Files.createTempDirectory("partyline-probe-");
        Path data = Files.createDirectory(folder.resolve("data"));
        try {
          Identity.find(PostgresPrograms.unpacked().resolve("bin/postgres"), data);
          return ConditionEvaluationResult.enabled("PostgreSQL can be run");
        } finally {
          Files.delete(data);
          Files.delete(folder);
        }
      } catch (IOException | LocalPostgresException e) {
        return ConditionEvaluationResult.disabled(String.valueOf(e.getMessage()));
      }
    }
  }
}
