package partyline.deploy.chaos;

/**
 * What a connection suffers.
 *
 * @param toServer what befalls the words of who called
 * @param toClient what befalls the answers
 */
public record Weather(Wind toServer, Wind toClient) {

  public static final Weather CALM = new Weather(Wind.NONE, Wind.NONE);

  public static Weather both(Wind wind) {
    return new Weather(wind, wind);
  }

  public static Weather toClient(Wind wind) {
    return new Weather(Wind.NONE, wind);
  }

  public static Weather toServer(Wind wind) {
    return new Weather(wind, Wind.NONE);
  }
}
