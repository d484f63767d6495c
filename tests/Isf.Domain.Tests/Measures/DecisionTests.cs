using Isf.Measures;
using Xunit;
using Cup = Isf.Measures.Decision<string, Isf.Domain.Tests.Measures.DecisionTests.Refusal>;

namespace Isf.Domain.Tests.Measures;

/// <summary>A decision has a result or a refusal, and a refusal names every field at fault.</summary>
public sealed class DecisionTests
{
    internal enum Refusal { NoTea = 1, NoMilk = 2 }

    private static readonly FieldError[] Fields = [new("/tea", "Name one."), new("/milk/0", "None left.", "no-milk")];

    private static Cup Tea => "tea";

    [Fact]
    public void A_result_refuses_nothing()
    {
        Assert.Equal(("tea", null, ""), (Tea.Value, Tea.Refusal, Tea.Detail));
        Assert.Empty(Tea.Errors);
    }

    [Fact]
    public void A_refusal_has_its_detail_and_every_field_at_fault()
    {
        Cup refused = (Refusal.NoTea, "Look at the fields named.", Fields);
        Assert.Equal((Refusal.NoTea, "Look at the fields named."), (refused.Refusal, refused.Detail));
        Assert.Equal(Fields, refused.Errors);
    }

    [Fact]
    public void A_refusal_without_fields_has_none()
    {
        Cup refused = (Refusal.NoTea, "Buy some.");
        Assert.Empty(refused.Errors);
        Assert.Empty(default(Cup).Errors);
    }

    [Fact]
    public void The_next_rule_takes_the_result() =>
        Assert.Equal(3, Tea.Then<int>(cup => cup.Length).Value);

    [Fact]
    public void The_next_rule_is_not_asked_after_a_refusal()
    {
        Cup refused = (Refusal.NoMilk, "Buy some.", Fields);
        var next = refused.Then<int>(_ => throw new InvalidOperationException("The rule was asked."));
        Assert.Equal((Refusal.NoMilk, "Buy some."), (next.Refusal, next.Detail));
        Assert.Equal(Fields, next.Errors);
    }

    [Fact]
    public void A_result_cannot_be_passed_on_as_a_refusal() =>
        Assert.Throws<InvalidOperationException>(() => Tea.Refused<int>());

    [Fact]
    public void A_field_of_a_part_has_its_place_in_the_whole() =>
        Assert.Equal(new("/cup/milk/0", "None left.", "no-milk"), Fields[1].Within("/cup"));
}
