using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Kernels;
using Realtime.Models.Tests.Poyo;
using Realtime.Models.Transformer;
using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Verification;

/// <summary>What verification says about folders that are whole, spoilt, or incomplete.</summary>
public sealed class VerifierTests
{
    [Fact]
    public void A_whole_folder_passes()
    {
        var cases = Verifier.Run(PoyoFolders.TinyPath);
        Assert.All(cases, result => Assert.True(result.Pass, Describe(result)));
        Assert.Equal("poyo tokens", cases[0].Name);
        foreach (var kind in (string[])["poyo plain, ", "poyo live against plain, ", "poyo live after earlier windows against plain, "])
            Assert.Equal(KernelSet.Supported.Select(kernels => kind + kernels.Name), cases.Select(result => result.Name).Where(name => name.StartsWith(kind, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_folder_of_folders_is_verified_folder_by_folder()
    {
        using var parent = new GoldenCopy(PoyoFolders.TinyPath);
        File.Delete(Path.Combine(parent.Path, "config.json"));
        foreach (var name in (string[])["b", "a"])
        {
            using var copy = new GoldenCopy(PoyoFolders.TinyPath);
            Directory.CreateDirectory(Path.Combine(parent.Path, name));
            foreach (var file in Directory.GetFiles(copy.Path)) File.Copy(file, Path.Combine(parent.Path, name, Path.GetFileName(file)));
        }

        var cases = parent.Verify();
        Assert.StartsWith("a: poyo", cases[0].Name);
        Assert.StartsWith("b: poyo", cases[^1].Name);
        Assert.All(cases, result => Assert.True(result.Pass, Describe(result)));
    }

    [Theory]
    [InlineData("poyo_1.3M", 12, 3)]
    [InlineData("poyo_1.3M", 1, 3)]
    [InlineData("possm_small", 12, 1)]
    [InlineData("possm_large", 1, 1)]
    public void A_model_file_passes_live_against_plain(string name, int units, int count)
    {
        var bytes = RandomModels.Named(name, Options(units))!;
        using var file = ModelFile.Parse(bytes, "random");
        var cases = Verifier.Run(file);
        Assert.Equal(count, cases.Count);
        Assert.All(cases, result => Assert.True(result.Pass, Describe(result)));
    }

    [Fact]
    public void A_possm_model_file_with_visible_blanks_scales_and_a_lag_passes()
    {
        using var whole = ModelFile.Parse(RandomModels.Named("possm_small", Options(12))!, "whole");
        var settings = (System.Text.Json.Nodes.JsonObject)whole.Config.Settings!.DeepClone();
        settings["visible_tokens"] = 700;
        settings["query_lag"] = 0.0125;
        settings["output_sd"] = new System.Text.Json.Nodes.JsonArray([.. Options(12).Outputs.Select(_ => System.Text.Json.Nodes.JsonValue.Create(20.0))]);
        var tensors = whole.Tensors.Tensors.Values.Select(info => new TensorData(info.Name, info.Type, info.Shape, whole.Tensors.Bytes(info.Name).ToArray()));
        using var file = ModelFile.Parse(ModelFile.ToBytes(whole.Config with { Settings = settings }, tensors), "blanks");
        Assert.All(Verifier.Run(file), result => Assert.True(result.Pass, Describe(result)));
    }

    [Fact]
    public void A_model_file_without_two_forms_or_with_damage_is_refused()
    {
        var config = new ModelConfig
        {
            Kind = "wiener",
            Units = Options(1).Units,
            Outputs = Options(1).Outputs,
            BinNs = 1,
            Lags = 1,
            TargetNs = 1,
            Training = new TrainingRecord { Session = "s", Train = [], Valid = [], Test = [], TargetMean = [0], ProgramVersion = "1" },
        };
        using var wiener = ModelFile.Parse(ModelFile.ToBytes(config, []), "linear");
        Assert.Contains("'wiener'", Assert.Throws<ModelFormatException>(() => Verifier.Run(wiener)).Message);
        using var bare = ModelFile.Parse(ModelFile.ToBytes(config with { Kind = "poyo" }, []), "bare");
        Assert.Contains("config.settings", Assert.Throws<ModelFormatException>(() => Verifier.Run(bare)).Message);

        using var whole = ModelFile.Parse(RandomModels.Named("poyo_1.3M", Options(3))!, "whole");
        var tensors = whole.Tensors.Tensors.Values.Select(info => new TensorData(info.Name, info.Type, info.Shape, whole.Tensors.Bytes(info.Name).ToArray())).ToList();
        BitConverter.TryWriteBytes(tensors.Single(tensor => tensor.Name == "dec_ffn.0.weight").Bytes, float.PositiveInfinity);
        using var damaged = ModelFile.Parse(ModelFile.ToBytes(whole.Config, tensors), "damaged");
        Assert.Contains("dec_ffn.0.weight", Assert.Throws<ModelFormatException>(() => Verifier.Run(damaged)).Message);
    }

    [Theory]
    [InlineData("unit_emb.weight", 40, "latents.after_enc_atn")]
    [InlineData("enc_ffn.1.net.0.bias", 200, "latents.after_enc_ffn")]
    [InlineData("proc_layers.1.0.to_qkv.weight", 70, "latents.after_proc_atn.1")]
    [InlineData("proc_layers.1.1.1.net.3.weight", 0, "latents.after_proc.1")]
    [InlineData("dec_atn.to_kv.weight", 5, "queries.after_dec_atn")]
    [InlineData("readout.bias", 1, "pred")]
    public void A_changed_weight_fails_from_its_stage_on(string tensor, int index, string firstStage)
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Weight(tensor, index, value => value + 0.5f);
        foreach (var plain in copy.Verify().Where(result => result.Name.StartsWith("poyo plain", StringComparison.Ordinal)))
        {
            Assert.False(plain.Pass);
            Assert.Equal(firstStage, plain.Stages.First(stage => !stage.Pass).Name);
        }
    }

    [Fact]
    public void A_reference_that_is_not_a_number_fails()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Tensors("outputs", data =>
        {
            if (data.Name == "f64.pred") BitConverter.TryWriteBytes(data.Bytes.AsSpan(0), double.NaN);
            return data;
        });
        var stage = copy.Verify().First(result => result.Name.StartsWith("poyo plain", StringComparison.Ordinal)).Stages[^1];
        Assert.True(double.IsNaN(stage.MaxAbsDiff));
        Assert.False(stage.Pass);
    }

    [Fact]
    public void Numbers_that_overflow_fail()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Weight("readout.weight", 0, _ => float.MaxValue).Weight("readout.weight", 1, _ => float.MaxValue);
        var plain = copy.Verify().First(result => result.Name.StartsWith("poyo plain", StringComparison.Ordinal));
        Assert.False(plain.Stages[^1].Pass);
    }

    [Fact]
    public void Padding_rows_of_the_references_are_not_compared()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Tensors("outputs", data =>
        {
            if (data.Name == "f64.pred") BitConverter.TryWriteBytes(data.Bytes.AsSpan(8 * 2 * 23), 1e9);
            return data;
        });
        Assert.All(copy.Verify(), result => Assert.True(result.Pass, Describe(result)));
    }

    [Fact]
    public void A_moved_raw_spike_fails_the_tokens_only()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Tensors("inputs", data =>
        {
            if (data.Name == "raw.0.spike_timestamps") BitConverter.TryWriteBytes(data.Bytes, BitConverter.ToDouble(data.Bytes) + 1e-12);
            return data;
        });
        var cases = copy.Verify();
        var tokens = cases.Single(result => !result.Pass);
        Assert.Equal("poyo tokens", tokens.Name);
        Assert.Equal("input_timestamps", tokens.Stages.Single(stage => !stage.Pass).Name);
    }

    [Fact]
    public void Optional_tensors_may_be_missing()
    {
        using var raw = new GoldenCopy(PoyoFolders.TinyPath).Without("inputs", name => name.StartsWith("raw.", StringComparison.Ordinal));
        Assert.DoesNotContain(raw.Verify(), result => result.Name == "poyo tokens" || !result.Pass);

        // 56 tokens are a multiple of 8, so that without a mask nothing is padded.
        using var mask = new GoldenCopy(PoyoFolders.TinyPath).Without("inputs", name => name == "input_mask");
        Assert.All(mask.Verify(), result => Assert.True(result.Pass, Describe(result)));

        using var single = new GoldenCopy(PoyoFolders.TinyPath).Without("outputs", name => name.StartsWith("f64", StringComparison.Ordinal));
        var cases = single.Verify();
        Assert.Contains(cases, result => result.Name.EndsWith("against float32 references", StringComparison.Ordinal));
        Assert.All(cases, result => Assert.True(result.Pass, Describe(result)));
    }

    [Theory]
    [InlineData("f64.latents.after_proc.1")]
    [InlineData("f64.queries.after_dec_ffn")]
    [InlineData("f64.pred")]
    public void A_missing_stage_is_named(string stage)
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Without("outputs", name => name == stage);
        Refused(copy, "outputs.safetensors", stage);
    }

    [Fact]
    public void References_in_no_known_precision_are_named()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Without("outputs", name => name.StartsWith("f64.", StringComparison.Ordinal) || name.StartsWith("f32.", StringComparison.Ordinal));
        Refused(copy, "outputs.safetensors", "f64.");
    }

    [Fact]
    public void A_shape_that_contradicts_the_inputs_is_named()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Tensors("outputs", data =>
            data.Name == "f64.pred" ? new TensorData(data.Name, data.Type, [1, 48, 1], data.Bytes) : data);
        Refused(copy, "f64.pred", "[1, 48, 1]", "[1, 24, 2]");
    }

    [Fact]
    public void Inputs_that_name_no_row_of_a_table_are_named()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Tensors("inputs", data =>
        {
            if (data.Name == "input_unit_index") data.Bytes[0] = 4;
            return data;
        });
        Refused(copy, "inputs.safetensors", "input_unit_index", "4 rows");
    }

    [Fact]
    public void A_weight_that_is_not_a_number_is_named()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Weight("dec_ffn.0.bias", 3, _ => float.NaN);
        Refused(copy, "weights.safetensors", "dec_ffn.0.bias", "NaN");
    }

    [Theory]
    [InlineData("dim", 48)]
    [InlineData("depth", 1)]
    [InlineData("depth", 3)]
    [InlineData("dim_head", 8)]
    [InlineData("cross_heads", 2)]
    [InlineData("self_heads", 1)]
    [InlineData("num_latents_per_step", 5)]
    [InlineData("dim_out", 3)]
    [InlineData("dim", -1)]
    [InlineData("dim", 1e300)]
    [InlineData("depth", 1.5)]
    public void A_configuration_that_contradicts_the_weights_is_refused(string key, double value)
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Config(config => config["hyper_parameters"]![key] = value);
        Assert.Throws<ModelFormatException>(() => copy.Verify());
    }

    [Fact]
    public void A_configuration_of_other_latents_fails_the_tokens()
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Config(config => config["hyper_parameters"]!["latent_step"] = 0.2);
        Assert.False(copy.Verify().Single(result => result.Name == "poyo tokens").Pass);
    }

    [Fact]
    public void Broken_configurations_are_named_with_their_keys()
    {
        using var mistyped = new GoldenCopy(PoyoFolders.TinyPath).Config(config =>
        {
            var given = config["hyper_parameters"]!.AsObject();
            given["self_head"] = given["self_heads"]!.DeepClone();
            given.Remove("self_heads");
        });
        Refused(mistyped, "hyper_parameters.self_heads", "'self_head'");
        using var text = new GoldenCopy(PoyoFolders.TinyPath).Config(config => config["hyper_parameters"]!["dim"] = "32");
        Refused(text, "hyper_parameters.dim", "\"32\"");
        using var word = new GoldenCopy(PoyoFolders.TinyPath).Config(config => config["samples"]![0]!["units"]![1] = "u7");
        Refused(word, "samples[0].units", "u7");
        using var list = new GoldenCopy(PoyoFolders.TinyPath).Config(config => config["hyper_parameters"] = new System.Text.Json.Nodes.JsonArray());
        Refused(list, "hyper_parameters", "object");
        using var none = new GoldenCopy(PoyoFolders.TinyPath).Config(config => config.Remove("samples"));
        Refused(none, "samples", "missing");
    }

    [Theory]
    [InlineData("MtM")]
    [InlineData("Neuroformer")]
    [InlineData("POYO+")]
    public void Another_model_is_refused_by_name(string model)
    {
        using var copy = new GoldenCopy(PoyoFolders.TinyPath).Config(config => config["model"] = model);
        Refused(copy, "config.json", $"'{model}'", "POYO");
    }

    [Fact]
    public void Damaged_files_are_named()
    {
        using var truncated = new GoldenCopy(PoyoFolders.TinyPath);
        var outputs = Path.Combine(truncated.Path, "outputs.safetensors");
        File.WriteAllBytes(outputs, File.ReadAllBytes(outputs)[..50_000]);
        Refused(truncated, "outputs.safetensors", "Copy");
        using var json = new GoldenCopy(PoyoFolders.TinyPath);
        File.WriteAllText(Path.Combine(json.Path, "config.json"), "{");
        Refused(json, "config.json");
        using var empty = new GoldenCopy(PoyoFolders.TinyPath);
        foreach (var file in Directory.GetFiles(empty.Path)) File.Delete(file);
        Refused(empty, empty.Path, "config.json");
    }

    private static RandomModelOptions Options(int units) => new()
    {
        Units = [.. Enumerable.Range(0, units).Select(unit => new UnitId("probe", $"e{unit}", 1))],
        Outputs = [new OutputChannel("x", "cm")],
        Session = "s",
    };

    private static string Describe(VerifyCase result) => $"{result.Name}: {string.Join(", ", result.Stages)}";

    private static void Refused(GoldenCopy copy, params string[] texts)
    {
        var error = Assert.Throws<ModelFormatException>(() => copy.Verify());
        foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
