
namespace Isf.Tests.Support;

/// <summary>
/// A permanent error ends the reading of a file and does not delay other files. A transient error only delays the
/// reading.
/// </summary>
public sealed class Visit_files_that_cannot_be_read_end(SupportHost shared) : IClassFixture<SupportHost>
{
    private static readonly string Poisoned =
        Care.File(Care.Rows(1200).Append(Care.Rows(1, prefix: "W").Single() + "poison"));

    // Plants an error that comes back on every try, as a bug in the program would.
    private static Task PoisonAsync(Scene host) => ExecuteAsync(host, """
        create or replace function support.refuse_poison() returns trigger language plpgsql as $$
        begin
          if new.note = 'poison' then raise exception 'planted'; end if;
          return new;
        end $$;
        create or replace trigger poison before insert on support.visit for each row
          execute function support.refuse_poison()
        """);

    private static async Task ExecuteAsync(Scene host, string sql)
    {
        var source = host.Host.Owner;
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task A_file_that_fails_for_good_is_refused_with_a_number_and_its_reference_is_free()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await PoisonAsync(host);
        var sent = await (await care.SendFileAsync("R-1", Poisoned)).NeedsAsync(202);
        var other = await care.ImportAsync("R-2", Care.File(Care.Rows(3, prefix: "X")));
        Assert.Equal("done 3: 3 0 0 0", Care.Counts(other));
        await Care.UntilIdleAsync(host);
        var file = await care.ShowAsync(sent);
        Assert.Equal(("refused 1000: 1000 0 0 0", "could-not-be-read"), (Care.Counts(file), file.Reason?.Code));
        Assert.Contains(sent.Headers.GetValues("Isf-Fact").Single(), file.Reason?.PlainWords,
            StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("support.visit_file_part"));
        var mended = Poisoned.Replace("poison", "better", StringComparison.Ordinal);
        Assert.Equal("done 1201: 201 0 1000 0", Care.Counts(await care.ImportAsync("R-1", mended)));
    }

    [Fact]
    public async Task A_dry_run_that_fails_for_good_leaves_nothing()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        await ExecuteAsync(host, """
            create or replace function support.refuse_trial() returns trigger language plpgsql as $$
            begin
              if new.note = 'poison' then raise exception 'planted'; end if;
              return new;
            end $$;
            create or replace trigger poison before insert on support.visit_trial for each row
              execute function support.refuse_trial()
            """);
        var file = await care.ImportAsync("R-1", Poisoned, "&dryRun=true");
        Assert.Equal("could-not-be-read", file.Reason?.Code);
        await Care.UntilIdleAsync(host);
        Assert.Equal(0,
            await host.CountAsync("support.visit_trial") + await host.CountAsync("support.visit_file_part"));
    }

    [Theory]
    [InlineData("visitId,fundId,lineId,outcome\nsome words\nand more of them\n", "not-a-visit-file")]
    [InlineData("name,address\nA,B\n", "no-header")]
    public async Task A_refused_file_says_why_and_frees_its_reference(string text, string code)
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var file = await care.ImportAsync("R-1", text);
        Assert.Equal(("refused 0: 0 0 0 0", code), (Care.Counts(file), file.Reason?.Code));
        Assert.Equal("done 3: 3 0 0 0", Care.Counts(await care.ImportAsync("R-1", Care.File(Care.Rows(3)))));
    }

    [Fact]
    public async Task A_file_that_unpacks_to_far_more_than_it_is_is_refused_before_a_row_of_it_is_read()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var bomb = Care.Gzip(Care.File(Care.Rows(3).Append(new string('x', 1000) + "\n" + new string('\n', 68 << 20))));
        var file = await care.ImportAsync("R-1", bomb);
        Assert.Equal(("refused 0: 0 0 0 0", "too-large-unpacked"), (Care.Counts(file), file.Reason?.Code));
    }

    [Fact]
    public async Task What_spreadsheets_put_in_front_and_between_is_passed_over()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var text = "sep=|\n" + Care.File(Care.Rows(2).Append(",,,,,,,,").Concat(Care.Rows(1, prefix: "W")))
            .Replace(',', '|');
        var file = await care.ImportAsync("R-1", text);
        Assert.Equal(("done 3: 3 0 0 0", "|"), (Care.Counts(file), file.Separator));
    }

    [Fact]
    public async Task A_file_that_was_read_or_is_not_there_is_not_cancelled()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var file = await care.ImportAsync("R-1", Care.File(Care.Rows(3)));
        var late = await care.DeleteAsync($"/v1/visit-files/{file.Id}");
        Assert.Equal((422, "already-read"), ((int)late.StatusCode, await late.CodeAsync()));
        var unknown = await care.DeleteAsync("/v1/visit-files/none");
        Assert.Equal((404, "unknown-file"), ((int)unknown.StatusCode, await unknown.CodeAsync()));
    }

    [Fact]
    public async Task Of_very_many_rejected_rows_all_are_counted_and_the_first_ten_thousand_stored()
    {
        var host = await shared.OpenAsync();
        var care = await Care.PlannedAsync(host);
        var file = await care.ImportAsync("R-1", Care.File(Care.Rows(10_700, "F-9").Append(Care.Rows(1).Single())));
        Assert.Equal(("done 10701: 1 0 0 10700", 10_000), (Care.Counts(file), file.RejectionsKept));
        Assert.Equal(10_000, await host.CountAsync("support.visit_rejection"));
    }
}
