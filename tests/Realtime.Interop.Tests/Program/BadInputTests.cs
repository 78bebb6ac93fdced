using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Realtime.Interop.Tests.Program;

/// <summary>What a user may get wrong ends in a clear message and an exit code of its own, before anything has started.</summary>
[Collection(RigCollection.Name)]
public sealed class BadInputTests(RigFixture rig)
{
    [Fact]
    public void A_mistyped_key_is_named_with_file_line_and_nearest_match()
    {
        var path = rig.Config(5556, 5560, more: "decode_thred: { wait: spinning }");
        Expect(3, ["run", path], Path.GetFileName(path), "decode_thred", "decode_thread");
        Expect(3, ["validate", path], "decode_thred");
    }

    [Fact]
    public void A_missing_model_and_a_file_that_is_none_are_named()
    {
        Expect(4, ["run", rig.Config(5556, 5560, model: Path.Combine(rig.Folder, "wienr.rtmodel"))], "wienr.rtmodel");
        var notAModel = Path.Combine(rig.Folder, "notes.rtmodel");
        File.WriteAllText(notAModel, "these are my notes on the rig");
        Expect(4, ["run", rig.Config(5556, 5560, model: notAModel)], "notes.rtmodel");
    }

    [Fact]
    public void A_port_in_use_is_named()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        Expect(5, ["run", rig.Config(RigFixture.FreePort(), port)], port.ToString(CultureInfo.InvariantCulture), "use");
        Expect(5, ["replay", rig.Session, "--data-port", port.ToString(CultureInfo.InvariantCulture)], port.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_corrupt_npy_and_a_missing_session_are_named()
    {
        var broken = Path.Combine(rig.Folder, "broken session");
        Directory.CreateDirectory(broken);
        foreach (var file in Directory.GetFiles(rig.Session)) File.Copy(file, Path.Combine(broken, Path.GetFileName(file)), overwrite: true);
        var times = Path.Combine(broken, "spikes.times.npy");
        File.WriteAllBytes(times, File.ReadAllBytes(times)[..1001]);
        Expect(4, ["evaluate", broken, "--model", rig.Model], "spikes.times.npy");
        Expect(4, ["replay", Path.Combine(rig.Folder, "no session")], "no session");
    }

    [Fact]
    public void A_model_of_other_units_is_refused_with_both_names()
    {
        var other = Path.Combine(rig.Folder, "other");
        Expect(0, ["simulate-session", other, "--units", "12", "--minutes", "2", "--seed", "9", "--force"]);
        var meta = Path.Combine(other, "meta.json");
        File.WriteAllText(meta, File.ReadAllText(meta).Replace("\"probe\"", "\"another probe\"", StringComparison.Ordinal));
        Expect(4, ["evaluate", other, "--model", rig.Model], "another probe/", "probe/Electrode");
    }

    [Fact]
    public void A_hop_that_the_model_cannot_take_and_limits_of_no_output_are_refused()
    {
        var kalman = Path.Combine(rig.Folder, "kalman.rtmodel");
        Expect(0, ["train", rig.Session, "-o", kalman, "--model", "kalman", "--bin-ms", "100"]);
        Expect(3, ["run", rig.Config(RigFixture.FreePort(), RigFixture.FreePort(), model: kalman)], "100 ms", "50 ms");
    }

    [Theory]
    [InlineData("--speed", "-1")]
    [InlineData("--seconds", "0")]
    [InlineData("--hop-ms", "NaN")]
    [InlineData("--bin-ms", "1e300")]
    [InlineData("--lags", "-1")]
    public void A_number_that_an_option_cannot_take_is_named_before_any_work(string option, string value)
    {
        Expect(2, ["demo", "--model", "wiener", "--folder", Path.Combine(rig.Folder, "never made"), option, value], option);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "never made")));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("demo", "--sekonds", "3")]
    [InlineData("train", "x", "--model", "svm", "-o", "y")]
    [InlineData("nonsense")]
    public void A_wrong_command_line_is_told_apart(params string[] arguments) => Expect(2, arguments);

    [Fact]
    public void An_option_that_train_does_not_have_is_no_session() =>
        Expect(2, ["train", rig.Session, "--cofnig", "x.yaml", "-o", Path.Combine(rig.Folder, "never.rtmodel")], "no option --cofnig", "'--config'");

    [Fact]
    public void A_session_folder_with_other_files_is_not_overwritten()
    {
        var folder = Path.Combine(rig.Folder, "thesis");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "thesis.tex"), "x");
        Expect(6, ["simulate-session", folder, "--minutes", "1"], "thesis");
        Assert.Equal("x", File.ReadAllText(Path.Combine(folder, "thesis.tex")));
    }

    private static void Expect(int code, string[] arguments, params string[] texts)
    {
        var (actual, output, errors) = Rtdecode.Run(arguments);
        Assert.True(actual == code, $"rtdecode {string.Join(" ", arguments)} ended with {actual}, not {code}: {output}{errors}");
        Assert.DoesNotContain("   at ", errors);
        foreach (var text in texts) Assert.Contains(text, output + errors, StringComparison.Ordinal);
    }
}
