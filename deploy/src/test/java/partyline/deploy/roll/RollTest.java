package partyline.deploy.roll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

final class RollTest {

  /**
   * How even they end, how high waves are and how many posts had to be sent twice is measured by
   * the command, with thirty seconds: on a busy machine one is too few for a balancer to notice.
   */
  @Test
  void gateways_are_restarted_one_after_the_other_and_nobody_misses_anything(@TempDir Path data)
      throws Exception {
    Duration second = Duration.ofSeconds(1);
    var plan = new RollPlan(2, 0, 300, 30, 50, second, second.multipliedBy(3), second, second);

    RollReport report = new Roll(plan, line -> {}).run(data);

    assertThat(report.load().isClean()).as(report.text()).isTrue();
    assertThat(report.waves())
        .as(report.text())
        .extracting(Wave::node)
        .containsExactly("gateway-1", "gateway-2");
    // Half of them, if the balancer found both gateways quick to say that they are ready.
    assertThat(report.waves().getFirst().planned()).isBetween(1L, 300L);
    assertThat(report.load().reconnects()).isGreaterThanOrEqualTo(300);
    assertThat(report.moments().getLast().streams()).isEqualTo(300);
    var graph = new InputSource(new StringReader(report.graph()));
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(graph)
                .getElementsByTagName("polyline")
                .getLength())
        .isGreaterThanOrEqualTo(3);
  }
}
