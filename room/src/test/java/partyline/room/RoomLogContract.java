package partyline.room;

/**
 * What every log promises, sentence by sentence. Memory and Redis pass the same.
 *
 * <p>To hold a log to it: extend this, give it an empty log for each test, and make the hooks of
 * {@link ContractedLog} do what they say.
 */
public abstract class RoomLogContract
    implements AppendContract,
        FieldsContract,
        MessagesContract,
        RateContract,
        IdempotencyContract,
        EpochContract,
        LogPageContract,
        RoomsPageContract,
        HistoryContract,
        SnapshotContract,
        FeedContract {}
