package partyline.room.archive.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import partyline.room.process.SearchPath;

/**
 * As whom the server runs. PostgreSQL refuses to be run by root, so where we are root it is put
 * into a namespace in which we are nobody in particular: its files stay ours, which works in any
 * folder. Where that is not allowed (containers), it is really another user, who then owns its
 * data.
 *
 * @param prefix what is put before its command
 * @param owner who must own its data, if not us
 */
record Identity(List<String> prefix, Optional<UserPrincipal> owner) {
  private static final String NOBODY = "nobody";

  /**
   * @param program something that it must be able to run
   * @param data a folder that it must be able to enter
   */
  static Identity find(Path program, Path data) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new Identity(List.of(), Optional.empty());
    }
    SearchPath path = SearchPath.fromEnvironment();
    return path.find("unshare")
        .map(unshare -> new Identity(List.of(unshare.toString(), "--user"), Optional.empty()))
        .filter(identity -> identity.runs(program))
        .or(() ->
            path.find("setpriv")
                .map(setpriv -> List.of(setpriv.toString(), "--reuid", NOBODY, "--clear-groups"))
                .or(() ->
                    path.find("runuser").map(su -> List.of(su.toString(), "-u", NOBODY, "--")))
                .flatMap(prefix -> owned(prefix, data))
                .filter(identity -> identity.runs(program) && identity.reaches(data)))
        .orElseThrow(() ->
            new LocalPostgresException(
                "PostgreSQL refuses to be run by root, and it can't be run as somebody else here"
                    + " (neither `unshare --user` works, nor `setpriv --reuid nobody` in "
                    + data
                    + "): run this as another user, or name a PostgreSQL of yours in ARCHIVE_URL.",
                null));
  }

  private static Optional<Identity> owned(List<String> prefix, Path data) {
    try {
      UserPrincipal nobody =
          data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY);
      Files.setOwner(data, nobody);
      return Optional.of(new Identity(prefix, Optional.of(nobody)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private boolean runs(Path program) {
    return ends(program.toString(), "--version");
  }

  private boolean reaches(Path data) {
    return ends("/bin/sh", "-c", "cd \"$0\"", data.toString());
  }

  private boolean ends(String... words) {
    var command = new ArrayList<>(prefix);
    command.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
