using System.Text.Json;
using Isf.Contracts.Funds;
using Isf.Contracts.Invoicing;
using Isf.Contracts.Ledger;
using Isf.Contracts.Support;
using Isf.Hosting.Serialization;
using NodaTime;

namespace Isf.Tests.Ledger.Oracle;

/// <summary>
/// The fate of a fact. The fact is posted (or was posted before), waits for another fact, or is refused.
/// </summary>
internal enum Fate { Consumed, Waits, Refused }

/// <summary>
/// The oracle. It folds facts in memory, in the order in which the service consumed them, by design §4 alone. It
/// contains no SQL and none of the Ledger's rules. It predicts every journal of every fund, and so every balance.
/// </summary>
internal sealed partial class World
{
    private readonly Dictionary<string, FundPosts> funds = [];

    private LocalDate today;

    public IEnumerable<FundPosts> Funds => funds.Values;

    /// <summary>The last day of the closed periods; null if no period is closed.</summary>
    public LocalDate? ClosedTo { get; set; }

    /// <summary>Consumes a fact on the given day and returns its fate.</summary>
    public Fate Consume(object message, LocalDate on)
    {
        today = on;
        var fate = message switch
        {
            FundOpened opened => Opened(opened),
            AgreementSigned signed => Agreed(signed),
            LedgerRunAsked => Each(funds.Values, fund => Posted(fund, new FundPromises(fund).Years(today))),
            HolderSet or PersonRegistered => Fate.Consumed,
            VisitsPriced priced => Priced(priced.Visits),
            VisitRepriced repriced => Repriced(repriced.Visits),
            DaysPlanned days => Days(days.Days, true),
            DaysUnplanned days => Days(days.Days, false),
            WeekClosed or PriceAdjusted or InvoiceMatched => Targets(WholesOf(message)),
            PaymentMade paid => Paid(paid),
            PaymentReturned returned => BankReturned(returned),
            _ => OfOneFund(message),
        };
        return fate;
    }

    /// <summary>Posts an adjustment by hand; returns the code of its refusal, or null.</summary>
    public string? Adjust(string fundId, string id, LocalDate on, IReadOnlyList<Flowed> flows)
    {
        if (funds[fundId].WhyNotOn(on) is { } why)
            return why;
        if (on <= ClosedTo)
            return "period-closed";
        if (!flows.SelectMany(flow => new[] { flow.From, flow.To }).All(funds[fundId].Knows))
            return "unknown-account";
        Posted(funds[fundId], [new Post("adjustment", id, on, on, flows)]);
        return null;
    }

    /// <summary>Posts a reversal of an adjustment by hand; returns the code of its refusal, or null.</summary>
    public string? Reverse(string fundId, string id, string adjustment, LocalDate on)
    {
        if (funds[fundId].WhyNotOn(on) is { } why)
            return why;
        if (funds[fundId].Find("adjustment", adjustment) is not { } original)
            return "unknown-journal";
        if (original.IsReversed)
            return "already-reversed";
        if (on < original.On)
            return "dated-before-the-original";
        if (on <= ClosedTo)
            return "period-closed";
        Posted(funds[fundId], [original.Reversed("adjustment-reversed", id) with { On = on }]);
        return null;
    }

    private Fate OfOneFund(object message) => message switch
    {
        MoneyReceived m => One(m.FundId, _ => [new("money-received", m.ReceiptId, m.ReceivedOn, m.ReceivedOn,
            [new($"money:outside/{m.Source}", $"money:held/{m.Source}", m.Pence)])]),
        MoneyReturned m => One(m.FundId, _ => [new("money-returned", m.ReturnId, m.PaidOn, m.PaidOn,
            [new($"money:held/{m.Source}", $"money:outside/{m.Source}", m.Pence)])]),
        ReceiptVoided m => Reversed(m.FundId, "money-received", m.ReceiptId, "receipt-voided"),
        ReturnVoided m => Reversed(m.FundId, "money-returned", m.ReturnId, "return-voided"),
        BudgetSet m => Promise(m.FundId, m.BudgetId, true, m.Version, _ => new(true, m.BudgetId, m.Version, m.SetOn,
            m.From, m.To, m.IsfWeeklyPence, [.. m.Sources.Select(share => (share.Source, share.WeeklyPence))],
            [.. m.OneOff.Select(once => (once.Source, once.Pence))])),
        AllocationMade m => Allocated(m.Terms),
        AllocationRevised m => Allocated(m.Terms),
        AllocationEnded m => Promise(m.FundId, m.AllocationId, false, m.Version,
            before => before! with { Version = m.Version, SetOn = m.SetOn, To = m.To, IsEnding = true }),
        CreditNoteAccepted m => One(m.FundId, _ => [CareFacts.Credited(m)]),
        ProviderRepaid m => One(m.FundId, _ => [new("provider-repaid", m.RepaymentId, m.RepaidOn, m.RepaidOn,
            [new($"money:paid/{m.ProviderId}", $"money:owed/{m.ProviderId}", m.Pence)])]),
        VatRecovered m => One(m.FundId, _ => [new("vat-recovered", m.RecoveryId, m.RecoveredOn, m.RecoveredOn,
            [.. CareFacts.Bearers(m.Pence, m.FundedBy).Select(borne =>
                new Flowed("money:outside/holder", borne.Account, borne.Pence))])]),
        FeeCharged m => One(m.FundId, _ => [Fee(m)]),
        FundClosed m => Close(m),
        _ => throw new NotSupportedException(message.GetType().Name),
    };

    private static Post Fee(FeeCharged fee)
    {
        var isOnTop = fee.Mode == "on-top";
        return new Post("fee-charged", fee.FeeId, fee.To, fee.To,
        [
            new("promise:budget/council", "promise:free", isOnTop ? fee.Pence : 0),
            new("promise:free", "promise:promised/fee", fee.Pence),
            new("promise:promised/fee", "promise:used/fee", fee.Pence),
            new(isOnTop ? "money:held/council" : "money:held/drawn", "money:owed/holder", fee.Pence),
        ]);
    }

    private Fate Opened(FundOpened opened)
    {
        funds.TryAdd(opened.FundId, new FundPosts(opened.FundId, opened.OpensOn));
        return Fate.Consumed;
    }

    private Fate Agreed(AgreementSigned signed)
    {
        if (!funds.TryGetValue(signed.FundId, out var fund) || fund.Agreements.Count < signed.Version - 1)
            return Fate.Waits;
        if (fund.Agreements.Count >= signed.Version)
            return Fate.Consumed;
        var toHolder = signed.Contribution == "to-holder";
        var isOther = fund.Agreements.Exists(agreement =>
            agreement.Order != signed.SpendOrder || agreement.PersonPaysHolder != toHolder);
        Post? post = isOther
            ? new("spend-order-set", $"agreement/v{signed.Version}", signed.SignedOn, signed.SignedOn, []) : null;
        if (post is not null)
            post = OnOpenDay(post);
        fund.Agreements.Add(new Signed(signed.Version, signed.SignedOn, signed.SpendOrder, toHolder, post));
        return Posted(fund, post is null ? [] : [post]);
    }

    private Fate Allocated(AllocationTerms terms) => Promise(terms.FundId, terms.AllocationId, false, terms.Version,
        _ => new(false, terms.AllocationId, terms.Version, terms.SetOn, terms.From, terms.To, terms.WeeklyPence ?? 0,
            [(terms.AllocationId, 1)], terms.TotalPence is { } total ? [(terms.AllocationId, total)] : []));

    private Fate Promise(
        string fundId, string id, bool isBudget, int number, Func<Promised?, Promised> revise)
    {
        if (Open(fundId) is not { } fund)
            return Fate.Waits;
        var versions = new FundPromises(fund).Versions(isBudget, id);
        if (Lacks(fundId, isBudget, id, number))
            return Fate.Waits;
        if (versions.Count >= number)
            return Fate.Consumed;
        var version = revise(versions.LastOrDefault());
        return version.From > fund.Closed?.On ? Fate.Refused
            : Posted(fund, new FundPromises(fund).New(version, today), version);
    }

    private Fate Priced(IReadOnlyList<PricedVisit> visits) => Many(visits.Select(visit => visit.FundId), () =>
    {
        foreach (var visit in visits)
            Posted(funds[visit.FundId], [CareFacts.Priced(visit, "visit-priced")], follow: false);
    });

    private Fate Repriced(IReadOnlyList<PricedVisit> visits)
    {
        if (LacksPrices(visits))
            return Fate.Waits;
        return Many(visits.Select(visit => visit.FundId), () =>
        {
            foreach (var visit in visits)
            {
                var (fund, cause) = (funds[visit.FundId], $"{visit.VisitId}/v{visit.Version}");
                if (fund.Find("visit-repriced", cause) is not null)
                    continue;
                var last = Last(fund, visit)!;
                if (!last.IsReversed)
                    Posted(fund, [last.Reversed("visit-reversed", cause)], follow: false);
                Posted(fund, [CareFacts.Priced(visit, "visit-repriced")], follow: false);
            }
        });
    }

    private static Post? Last(FundPosts fund, PricedVisit visit) => fund.Find(
        visit.Version == 2 ? "visit-priced" : "visit-repriced", $"{visit.VisitId}/v{visit.Version - 1}");

    private Fate Days(IReadOnlyList<PlannedDay> days, bool isPlanned) => Many(days.Select(day => day.FundId), () =>
    {
        foreach (var day in days)
            Posted(funds[day.FundId], [CareFacts.Planned(day, isPlanned)], follow: false);
    });

    // Posts facts that are published in full each time. A new version posts its total less everything that earlier
    // versions posted.
    private Fate Targets(List<Whole> all)
    {
        if (LacksVersions(all))
            return Fate.Waits;
        return Many(all.Select(whole => whole.FundId), () =>
        {
            foreach (var whole in all)
            {
                var before = Enumerable.Range(1, whole.Version - 1)
                    .SelectMany(n => funds[whole.FundId].Find(whole.Kind, $"{whole.Id}/v{n}")!.Flows);
                Posted(funds[whole.FundId], [new Post(whole.Kind, $"{whole.Id}/v{whole.Version}", whole.On,
                    whole.About, [.. whole.Flows, .. before.Select(flow => flow.Less)])], follow: false);
            }
        });
    }

    private Fate Paid(PaymentMade paid) => Many(paid.Claims.Select(claim => claim.FundId), () =>
    {
        foreach (var claims in paid.Claims.GroupBy(claim => claim.FundId))
        {
            Posted(funds[claims.Key], [new Post("payment-made", paid.PaymentId, paid.PaidOn, paid.PaidOn,
            [
                new($"money:owed/{paid.ProviderId}", $"money:paid/{paid.ProviderId}", claims.Sum(claim => claim.Pence)),
            ])], follow: false);
        }
    });

    private Fate BankReturned(PaymentReturned returned)
    {
        if (LacksPayment(returned))
            return Fate.Waits;
        return Many(returned.FundIds, () =>
        {
            foreach (var id in returned.FundIds.Distinct())
            {
                var reversal = funds[id].Find("payment-made", returned.PaymentId)!.Reversed("payment-returned",
                    returned.PaymentId);
                var dated = reversal with { On = returned.ReturnedOn, About = returned.ReturnedOn };
                Posted(funds[id], [dated], follow: false);
            }
        });
    }

    private Fate Close(FundClosed closed)
    {
        if (Open(closed.FundId) is not { } fund)
            return Fate.Waits;
        if (fund.Closed is not null)
            return Fate.Consumed;
        var post = OnOpenDay(new Post("fund-closed", "closure", closed.On, closed.On, []));
        var posts = closed.Notice.Select(notice => new Post("notice-charged", notice.NoticeId, closed.On, closed.On,
        [
            new("promise:promised/none", "promise:used/none", notice.Pence),
            new("money:held/drawn", $"money:owed/{notice.ProviderId}", notice.Pence),
        ])).ToList();
        posts.AddRange(new FundPromises(fund).Closed(closed.On, today));
        fund.Closed = (closed.On, post, JsonSerializer.Serialize(closed, IsfJson.Options));
        return Posted(fund, [post, .. posts]);
    }

    private Fate Reversed(string fundId, string kind, string id, string reversalKind) =>
        Open(fundId)?.Find(kind, id) is not { } original ? Fate.Waits
            : One(fundId, fund => fund.Find(reversalKind, id) is null ? [original.Reversed(reversalKind, id)] : []);

    private Fate One(string fundId, Func<FundPosts, List<Post>> posts) =>
        Open(fundId) is { } fund ? Posted(fund, posts(fund)) : Fate.Waits;

    private Fate Many(IEnumerable<string> fundIds, Action post)
    {
        var ids = fundIds.Distinct().ToList();
        if (ids.Exists(id => Open(id) is null))
            return Fate.Waits;
        post();
        return Each(ids.Select(id => funds[id]), fund => Posted(fund, []));
    }

    private static Fate Each(IEnumerable<FundPosts> some, Func<FundPosts, Fate> each)
    {
        foreach (var fund in some)
            each(fund);
        return Fate.Consumed;
    }

    private FundPosts? Open(string fundId) =>
        funds.TryGetValue(fundId, out var fund) && fund.Agreements.Count > 0 ? fund : null;

    private Fate Posted(FundPosts fund, List<Post> posts, Promised? version = null, bool follow = true)
    {
        foreach (var post in posts.Where(post => fund.Find(post.Kind, post.Cause) is null))
        {
            var open = OnOpenDay(post);
            fund.Posts.Add(open);
            if (version?.Own == post)
                version.Own = open;
        }
        if (follow)
            ClosureFollows.Of(fund, OnOpenDay);
        return Fate.Consumed;
    }

    private Post OnOpenDay(Post post) => post.On <= ClosedTo ? post with { On = ClosedTo.Value.PlusDays(1) } : post;
}
