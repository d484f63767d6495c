using FsCheck;
using FsCheck.Fluent;
using Isf.Support.Domain;
using NodaTime;
using static Isf.Domain.Tests.Support.Care;
using static Isf.Domain.Tests.Support.WeekScene;

namespace Isf.Domain.Tests.Support;

/// <summary>Something that happens in the first weeks of a fund. Days and weeks count from the first Monday.</summary>
internal abstract record CareEvent
{
    /// <summary>The number of weeks in which events happen.</summary>
    public const int Weeks = 6;

    private CareEvent()
    {
    }

    public static readonly Gen<CareEvent> Any =
        from day in Gen.Choose(0, (Weeks * 7) - 1)
        from minutes in Gen.Choose(1, 40)
        from happened in Gen.Frequency<CareEvent>(
            (1, Gen.Constant<CareEvent>(new Replanned(day, minutes))),
            (4, Gen.Constant<CareEvent>(new Given(day, minutes))),
            (4, from outcome in Outcomes select (CareEvent)new NotGiven(day, outcome, NoticeHours: minutes)),
            (2, from kind in Kinds select (CareEvent)new Absent(kind, day, day + (minutes / 4))),
            (1, Agreements(day)),
            (2, Gen.Constant<CareEvent>(new Closed(day / 7))))
        select happened;

    /// <summary>What the event is about: a later event about the same thing takes its place.</summary>
    public abstract string About { get; }

    public abstract void HappenIn(RecordedWeeks weeks);

    internal sealed record Replanned(int From, int Minutes) : CareEvent
    {
        public override string About => "plan";

        public override void HappenIn(RecordedWeeks weeks) => weeks.Replan(From, Minutes);
    }

    internal sealed record Given(int Day, int Minutes) : CareEvent
    {
        public override string About => $"V-{Day}";

        public override void HappenIn(RecordedWeeks weeks) => weeks.Send(Day, VisitOn(Day) with
        {
            Start = Text(NineOn(Day)),
            End = Text(NineOn(Day).PlusMinutes(Minutes)),
            Outcome = "delivered",
        });
    }

    internal sealed record NotGiven(int Day, string Outcome, int NoticeHours) : CareEvent
    {
        public override string About => $"V-{Day}";

        public override void HappenIn(RecordedWeeks weeks) =>
            weeks.Send(Day, VisitOn(Day) with { Outcome = Outcome, NoticeHours = NoticeHours });
    }

    /// <summary>The only absence of its kind, because two absences of one kind never share a day.</summary>
    internal sealed record Absent(AbsenceKind Kind, int From, int To) : CareEvent
    {
        public override string About => $"AB-{Kind}";

        public override void HappenIn(RecordedWeeks weeks) => weeks.Absent(Kind, From, To);
    }

    internal sealed record Agreed(AgreedBank Bank) : CareEvent
    {
        public override string About => "agreement";

        public override void HappenIn(RecordedWeeks weeks) => weeks.Agree(Bank);
    }

    internal sealed record Closed(int Week) : CareEvent
    {
        public override string About => $"week {Week}";

        public override void HappenIn(RecordedWeeks weeks) => weeks.Close(Week);
    }

    private static readonly Gen<string> Outcomes = Gen.Elements(
        "missed-by-provider", "no-access", "cancelled-by-person", "cancelled-by-provider", "hospital",
        "closed-holiday");

    private static readonly Gen<AbsenceKind> Kinds = Gen.Elements(Enum.GetValues<AbsenceKind>());

    private static Gen<CareEvent> Agreements(int signed) =>
        from banking in Gen.Elements<BankUnit?>(null, BankUnit.Minutes, BankUnit.Money)
        from expires in Gen.Elements<int?>(null, 1, 2, 3)
        from paidDays in Gen.Elements<int?>(null, null, null, 0, 1, 2, 3, 4, 5, 6, 7, 8)
        select (CareEvent)new Agreed(new AgreedBank(signed, banking, expires, paidDays));

    private static LocalDateTime NineOn(int day) => Monday.PlusDays(day) + new LocalTime(9, 0);

    private static VisitInput VisitOn(int day) => new()
    {
        VisitId = $"V-{day}", FundId = "F-1", LineId = "L-1", PlannedStart = Text(NineOn(day)), Outcome = "",
    };
}

/// <summary>What a version of the agreement says about missed care and paid days in hospital.</summary>
internal sealed record AgreedBank(int Signed, BankUnit? Banking, int? Expires, int? PaidDays);
