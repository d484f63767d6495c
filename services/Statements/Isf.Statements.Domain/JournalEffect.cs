using Isf.Measures;

namespace Isf.Statements.Domain;

/// <summary>
/// The effect of one journal on a statement's figures, read from its moves alone. For every journal, the change in the
/// money held = in − out − returned, so a statement's figures always add up, whatever is posted in future.
/// </summary>
public sealed record JournalEffect
{
    public required Journal Journal { get; init; }

    /// <summary>Money put in by a source; negative if a receipt was reversed.</summary>
    public Money In { get; private init; }

    /// <summary>Money given back to a source; negative if a return was reversed.</summary>
    public Money Returned { get; private init; }

    /// <summary>The cost of care or purchases; negative if it was reversed, credited or recovered.</summary>
    public Money Out { get; private init; }

    /// <summary>
    /// The source that put money in or was given money back; null if the journal moves no such money.
    /// </summary>
    public string? Source { get; private init; }

    /// <summary>
    /// The provider that the journal's money accounts name (the holder, for a fee); null if they name none.
    /// </summary>
    public string? ProviderId { get; private init; }

    /// <summary>
    /// Whether the journal posts recovered VAT, which lowers the spending and is no money in (design §4).
    /// </summary>
    public bool VatRecovered { get; private init; }

    public Minutes Planned { get; private init; }
    public Minutes Extra { get; private init; }
    public Minutes Delivered { get; private init; }

    /// <summary>Minutes not given but paid for.</summary>
    public Minutes Charged { get; private init; }

    /// <summary>
    /// The change of the minutes in missed accounts: minutes that moved in, less minutes that were banked or released.
    /// </summary>
    public Minutes Missed { get; private init; }

    /// <summary>
    /// The minutes that moved into missed accounts, by reason, including minutes that were banked or released later.
    /// </summary>
    public IReadOnlyList<(string Reason, Minutes Length)> FlowedIntoMissed { get; private init; } = [];

    /// <summary>Minutes released at once, or expired in the bank.</summary>
    public Minutes Released { get; private init; }

    /// <summary>The increase of the minutes that have no outcome yet.</summary>
    public Minutes Open { get; private init; }

    /// <summary>Minutes put in the bank of time.</summary>
    public Minutes BankIn { get; private init; }

    /// <summary>
    /// Minutes taken out of the bank for care beyond the plan, less minutes that a change of rate added to the bank.
    /// </summary>
    public Minutes BankUsed { get; private init; }

    /// <summary>Minutes taken out of the bank and released.</summary>
    public Minutes BankExpired { get; private init; }

    /// <summary>Missed minutes that were put in the bank.</summary>
    public Minutes MissedIntoBank { get; private init; }

    /// <summary>Missed minutes that were released at once.</summary>
    public Minutes MissedIntoReleased { get; private init; }

    /// <summary>
    /// The number of payments that the journal stands for: 1 for a receipt or return, −1 for the reversal of one.
    /// </summary>
    public int Count => Journal.Reverses is null ? 1 : -1;

    /// <summary>
    /// Whether a statement prints a line for the journal: it moves money in or out, or changes planned, extra, given,
    /// charged or missed minutes.
    /// </summary>
    public bool IsPrinted => In != default || Returned != default || Out != default || Planned != default
        || Extra != default || Delivered != default || Charged != default || Missed != default
        || FlowedIntoMissed.Count > 0;

    /// <summary>Reads the effect of a journal from its moves.</summary>
    public static JournalEffect From(Journal journal)
    {
        var effect = new JournalEffect { Journal = journal };
        foreach (var move in journal.Moves)
        {
            effect = move.Book switch
            {
                Book.Money => effect.WithMoney(move),
                Book.Time => effect.WithTime(move),
                _ => effect,
            };
        }
        return effect;
    }

    // A move of a reversal counts as the reversed move with a negative amount, and not as money that moves the other
    // way.
    private JournalEffect WithMoney(Move move)
    {
        var (from, to, amount) = Journal.Reverses is null
            ? (move.From, move.To, new Money(move.Amount))
            : (move.To, move.From, new Money(-move.Amount));
        return (AccountNames.KindOf(from), AccountNames.KindOf(to)) switch
        {
            ("held", "held") => this,
            ("outside", "held") when AccountNames.SubjectOf(from) == "holder" =>
                this with { Out = Out - amount, VatRecovered = true },
            ("held", "outside") when AccountNames.SubjectOf(to) == "holder" =>
                this with { Out = Out + amount, VatRecovered = true },
            ("outside", "held") => this with { In = In + amount, Source = AccountNames.SubjectOf(from) },
            ("held", "outside") => this with { Returned = Returned + amount, Source = AccountNames.SubjectOf(to) },
            ("held", _) => this with { Out = Out + amount, ProviderId = AccountNames.SubjectOf(to) },
            (_, "held") => this with { Out = Out - amount, ProviderId = AccountNames.SubjectOf(from) },
            _ => this,
        };
    }

    private JournalEffect WithTime(Move move)
    {
        var length = new Minutes(move.Amount);
        var (from, to) = (AccountNames.KindOf(move.From), AccountNames.KindOf(move.To));
        return this with
        {
            Planned = Planned - Into("agreed"),
            Extra = Extra - Into("extra"),
            Delivered = Delivered + Into("delivered"),
            Charged = Charged + Into("charged"),
            Missed = Missed + Into("missed"),
            Released = Released + Into("released"),
            Open = Open + Into("planned"),
            BankIn = BankIn + (from is "extra" or "released" || to is "extra" or "released"
                ? Minutes.Zero : Into("banked")),
            BankUsed = BankUsed + Between("banked", "extra"),
            BankExpired = BankExpired + Between("banked", "released"),
            MissedIntoBank = MissedIntoBank + Between("missed", "banked"),
            MissedIntoReleased = MissedIntoReleased + Between("missed", "released"),
            FlowedIntoMissed = (from, to) switch
            {
                ("planned", "missed") => [.. FlowedIntoMissed, (ReasonIn(move.To), length)],
                ("missed", "planned") => [.. FlowedIntoMissed, (ReasonIn(move.From), Minutes.Zero - length)],
                _ => FlowedIntoMissed,
            },
        };

        Minutes Into(string kind) => new((to == kind ? move.Amount : 0) - (from == kind ? move.Amount : 0));

        Minutes Between(string one, string other) => from == one && to == other ? length
            : from == other && to == one ? Minutes.Zero - length : Minutes.Zero;
    }

    // The reason in missed/{line}/{reason}: a line's id holds no slash.
    private static string ReasonIn(string place) => AccountNames.SubjectOf(AccountNames.SubjectOf(place));
}
