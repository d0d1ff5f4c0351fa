package partyline.deploy.mutation;

import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the test classes it is given, and writes a line for each test: what it found, and its name.
 */
final class Jury implements TestExecutionListener {
  static final String NOTICED = "noticed ";
  static final String PASSED = "passed ";

  private Jury() {}

  public static void main(String[] classes) {
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(DiscoverySelectors::selectClass).toList())
            .build();
    LauncherFactory.create().execute(request, new Jury());
    // Whatever a broken protocol left running.
    System.exit(0);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
    if (test.isTest() || failed) {
      System.out.println((failed ? NOTICED : PASSED) + name(test));
    }
  }

  private static String name(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(source ->
            source.getClassName().substring(source.getClassName().lastIndexOf('.') + 1)
                + ": "
                + source.getMethodName())
        .orElse(test.getDisplayName());
  }
}
