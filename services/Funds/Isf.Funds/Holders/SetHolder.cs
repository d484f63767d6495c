using System.Diagnostics.CodeAnalysis;
using Isf.Contracts.Funds;
using Isf.Funds.Domain;
using Isf.Funds.Requests;
using Isf.Hosting;
using Isf.Hosting.Data;
using Isf.Hosting.Http;
using Isf.Hosting.Serialization;
using Isf.Measures;
using Microsoft.AspNetCore.Http;

namespace Isf.Funds.Holders;

/// <summary>
/// Sets a holder's own settings: its contact details, its periods, the account it pays from and its tolerances.
/// Publishes HolderSet. Source: api.md, Funds.
/// </summary>
public static class SetHolder
{
    /// <summary>Why settings are refused, in the order of the checks.</summary>
    public enum Refusal
    {
        [Problem(422, "The bank account cannot be right.")]
        NoSuchBankAccount = 1,

        [Problem(404, "The holder has no settings yet.")]
        HolderNotSet = 2,
    }

    /// <summary>A holder's settings.</summary>
    public sealed record Response : HolderDetails
    {
        /// <summary>Shows the settings under the holder's id.</summary>
        [SetsRequiredMembers]
        public Response(Holder holder) : base(holder.Details) => HolderId = holder.Id;

        /// <summary>The holder.</summary>
        public string HolderId { get; init; }
    }

    /// <summary>The settings, if their bank account is valid.</summary>
    public static Decision<Holder, Refusal> Decide(string holderId, HolderDetails details)
    {
        return Checks.IsBankAccount(details.Payments.SortCode, details.Payments.AccountNumber)
            ? new Holder(holderId, details)
            : (Refusal.NoSuchBankAccount, "A sort code has six digits and an account number eight: look at /payments.");
    }

    /// <summary>Sets the holder's own settings, or changes them.</summary>
    public static Task<PutResult<Response>> PutAsync(JsonBody<HolderDetails> body, ConditionalPut put, Session session)
    {
        var details = body.Value;
        new Fields().Text(details.Name, "/name").Text(details.Phone, "/phone").Text(details.Email, "/email")
            .Text(details.Address, "/address", 500).Text(details.Complaints, "/complaints", 2000)
            .Text(details.Payments.AccountName, "/payments/accountName", 70)
            .Text(details.Payments.ServiceUserNumber, "/payments/serviceUserNumber", 32)
            .Need(details.Tolerances.Minutes is >= 0 and <= 600, "/tolerances/minutes", "0 to 600.")
            .Pence(details.Tolerances.Pence, "/tolerances/pence")
            .Need(details.Tolerances.Percent is >= 0 and <= 100, "/tolerances/percent", "0 to 100.")
            .Refuse();
        return put.UpsertAsync<Holder, Refusal, Response>(session, session.HolderId, [],
            same: stored => JsonEquality.AreEqual(stored.Details, details),
            decide: (_, _) => Task.FromResult(Decide(session.HolderId, details)),
            publish: (holder, version) =>
                session.Publish(Fact(holder.Details, version), $"{version}"),
            show: holder => new Response(holder));
    }

    /// <summary>Shows the holder's settings.</summary>
    public static async Task<ShowResult<Response>> GetAsync(Session session, HttpContext http)
    {
        var holder = await session.LoadAsync<Holder>(session.HolderId)
            ?? throw ProblemException.For(Refusal.HolderNotSet, "Set them with PUT /v1/holder.");
        return IdempotentPut.Show(http, session.VersionOf<Holder>(holder.Id), new Response(holder));
    }

    internal static HolderSet Fact(HolderDetails holder, int version) => new()
    {
        Version = version,
        Name = holder.Name,
        Address = holder.Address,
        Phone = holder.Phone,
        Email = holder.Email,
        Complaints = holder.Complaints,
        PeriodsEvery = Wire.NameOf(holder.Periods.Every),
        PeriodsFirstOn = holder.Periods.FirstOn,
        SortCode = holder.Payments.SortCode,
        AccountNumber = holder.Payments.AccountNumber,
        AccountName = holder.Payments.AccountName,
        ServiceUserNumber = holder.Payments.ServiceUserNumber,
        ToleranceMinutes = holder.Tolerances.Minutes,
        TolerancePence = holder.Tolerances.Pence,
        TolerancePercent = holder.Tolerances.Percent,
    };
}
