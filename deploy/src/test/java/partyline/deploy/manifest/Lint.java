package partyline.deploy.manifest;

import java.util.ArrayList;
import java.util.List;

/** What Kubernetes accepts and what does not work all the same: each rule says what it minds. */
interface Lint {

  List<Lint> ALL =
      List.of(
          new SelectorLint(),
          new PortLint(),
          new ReferenceLint(),
          new RolloutLint(),
          new PodSecurityLint());

  void check(Manifests manifests, List<String> complaints);

  static List<String> complaints(Manifests manifests) {
    var complaints = new ArrayList<String>();
    ALL.forEach(rule -> rule.check(manifests, complaints));
    return complaints;
  }
}
