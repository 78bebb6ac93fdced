using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Interop.Tests.Models;
using Realtime.Models.Transformer;
using Realtime.Tests;

namespace Realtime.Interop.Tests.Program;

/// <summary><c>rtdecode verify</c> as a process: verdict, exit code, JSON, and what it says about wrong folders.</summary>
public sealed class VerifyTests
{
    private const int Failed = 13;
    private const int BadInput = 4;

    private static readonly string Tiny = Path.Combine(RepositoryFiles.Root, "tests", "Realtime.Models.Tests", "Goldens", "poyo_tiny");

    [Fact]
    public void A_golden_folder_passes()
    {
        var (code, output, errors) = Rtdecode.Run("verify", Tiny, "--json");
        Assert.True(code == 0, errors);
        Assert.Contains("PASS: ", errors);
        using var json = LastLine(output);
        Assert.True(json.RootElement.GetProperty("pass").GetBoolean());
        var cases = json.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.Contains(cases, one => one.GetProperty("name").GetString() == "poyo tokens");
        var plain = cases.First(one => one.GetProperty("name").GetString()!.StartsWith("poyo plain", StringComparison.Ordinal));
        Assert.True(plain.GetProperty("pass").GetBoolean());
        var prediction = plain.GetProperty("stages").EnumerateArray().Last();
        Assert.Equal("pred", prediction.GetProperty("name").GetString());
        Assert.Equal(1e-4, prediction.GetProperty("tolerance").GetDouble());
        Assert.InRange(prediction.GetProperty("max_abs_diff").GetDouble(), 0, 1e-4);
        Assert.True(prediction.GetProperty("pass").GetBoolean());
    }

    [Fact]
    public void Without_json_stdout_stays_empty() => Assert.Equal("", Rtdecode.Run("verify", Tiny).Output);

    [Fact]
    public void One_changed_weight_fails()
    {
        using var folder = Copy();
        Overwrite(folder.File("weights.safetensors"), "dec_ffn.1.net.3.bias", BitConverter.GetBytes(0.25f));
        var (code, output, errors) = Rtdecode.Run("verify", folder.Path, "--json");
        Assert.True(code == Failed, errors);
        Assert.Contains("FAIL: ", errors);
        Assert.Contains("queries.after_dec_ffn", errors);
        using var json = LastLine(output);
        Assert.False(json.RootElement.GetProperty("pass").GetBoolean());
    }

    [Fact]
    public void A_difference_that_is_not_a_number_is_null_and_fails()
    {
        using var folder = Copy();
        Overwrite(folder.File("outputs.safetensors"), "f64.pred", BitConverter.GetBytes(double.NaN));
        var (code, output, errors) = Rtdecode.Run("verify", folder.Path, "--json");
        Assert.True(code == Failed, errors);
        using var json = LastLine(output);
        var stage = json.RootElement.GetProperty("cases").EnumerateArray().SelectMany(one => one.GetProperty("stages").EnumerateArray()).First(one => !one.GetProperty("pass").GetBoolean());
        Assert.Equal("pred", stage.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, stage.GetProperty("max_abs_diff").ValueKind);
    }

    [Fact]
    public void A_model_file_is_run_live_against_its_plain_form()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("random.rtmodel");
        var model = RandomModels.Named("poyo_1.3M", new RandomModelOptions
        {
            Units = [new UnitId("probe", "e1", 1), new UnitId("probe", "e2", 1)],
            Outputs = [new OutputChannel("x", "cm"), new OutputChannel("y", "cm")],
            Session = "session",
        })!;
        File.WriteAllBytes(path, model);
        var (code, output, errors) = Rtdecode.Run("verify", path, "--json");
        Assert.True(code == 0, errors);
        using var json = LastLine(output);
        Assert.Equal(3, json.RootElement.GetProperty("cases").GetArrayLength());

        File.WriteAllBytes(path, model[..(model.Length / 2)]);
        Refused(path, "random.rtmodel");
    }

    [Fact]
    public void Wrong_folders_are_named_with_what_is_wrong()
    {
        using var truncated = Copy();
        var outputs = truncated.File("outputs.safetensors");
        File.WriteAllBytes(outputs, File.ReadAllBytes(outputs)[..70_001]);
        Refused(truncated.Path, "outputs.safetensors");

        using var other = Copy();
        var config = other.File("config.json");
        var json = JsonNode.Parse(File.ReadAllText(config))!;
        json["hyper_parameters"]!["self_heads"] = 3;
        File.WriteAllText(config, json.ToJsonString());
        Refused(other.Path, "weights.safetensors", "proc_layers.0.0.to_qkv.weight", "[96, 32]", "[144, 32]");

        using var nan = Copy();
        Overwrite(nan.File("weights.safetensors"), "readout.weight", BitConverter.GetBytes(float.NaN));
        Refused(nan.Path, "weights.safetensors", "readout.weight", "NaN");

        using var none = Copy();
        File.Delete(none.File("weights.safetensors"));
        Refused(none.Path, "weights.safetensors");

        Refused(Tiny + "y", "poyo_tiny");
        Refused(Path.Combine(RepositoryFiles.Root, "rig-configs"), "config.json");
        Refused(Path.Combine(RepositoryFiles.Root, "README.md"), "README.md");
    }

    [NeedsNumpyFact]
    public void Folders_of_random_shapes_made_by_numpy_pass()
    {
        using var folder = new TemporaryFolder();
        var seed = Random.Shared.Next(1_000_000);
        var made = "";
        foreach (var kind in (string[])["padded", "plain", "single"])
        {
            for (var i = 0; i < 4; i++)
                made += NumpyPeer.CallScript(Path.Combine("Python", "poyo_reference.py"), folder.File($"{kind} {seed + i}"), (seed + i).ToString(System.Globalization.CultureInfo.InvariantCulture), kind);
        }

        var (code, _, errors) = Rtdecode.Run("verify", folder.Path);
        Assert.True(code == 0, $"seeds {seed} to {seed + 3}: {made}{errors}");
    }

    [NeedsNumpyFact(needsShared: true)]
    public void The_published_configuration_passes()
    {
        var (code, _, errors) = Rtdecode.Run("verify", Path.Combine(RepositoryFiles.Shared!, "golden", "poyo"));
        Assert.True(code == 0, errors);
        Assert.Contains("poyo_1.3M: poyo plain", errors);
    }

    private static TemporaryFolder Copy()
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Tiny)) File.Copy(file, folder.File(Path.GetFileName(file)));
        return folder;
    }

    /// <summary>Writes over the first bytes of a tensor.</summary>
    private static void Overwrite(string file, string tensor, byte[] value)
    {
        var bytes = File.ReadAllBytes(file);
        var header = (int)BitConverter.ToInt64(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        var begin = json.RootElement.GetProperty(tensor).GetProperty("data_offsets")[0].GetInt32();
        value.CopyTo(bytes, 8 + header + begin);
        File.WriteAllBytes(file, bytes);
    }

    private static JsonDocument LastLine(string output) => JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);

    private static void Refused(string path, params string[] texts)
    {
        var (code, output, errors) = Rtdecode.Run("verify", path, "--json");
        Assert.True(code == BadInput, $"verify {path} ended with {code}: {errors}");
        Assert.Equal("", output);
        Assert.DoesNotContain("   at ", errors);
        foreach (var text in texts) Assert.Contains(text, errors, StringComparison.Ordinal);
    }
}
