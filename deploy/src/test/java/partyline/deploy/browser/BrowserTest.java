package partyline.deploy.browser;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.LocalClusterBuilder;

/**
 * Tests of what people see: one Chromium and one cluster for all tests of a class. Skipped where
 * there is no Chromium.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class BrowserTest {
  private @Nullable Browser browser;
  private @Nullable LocalCluster cluster;

  @BeforeAll
  void open(@TempDir Path data) {
    browser = Browser.open();
    cluster = plan(LocalCluster.in(data).apart()).start();
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  /** How the cluster shall be: one gateway and no worker, if nothing else is said. */
  protected LocalClusterBuilder plan(LocalClusterBuilder cluster) {
    return cluster;
  }

  protected final Browser browser() {
    return requireNonNull(browser);
  }

  protected final LocalCluster cluster() {
    return requireNonNull(cluster);
  }
}
