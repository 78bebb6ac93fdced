using System.Runtime.InteropServices;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Checkpoints;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;

namespace Realtime.Models.Tests.Checkpoints;

/// <summary>From a state dict to a model file: what is taken, what is asked for, what is refused.</summary>
public sealed class CheckpointImportTests
{
    private static readonly string[] OneTask = ["cursor_velocity_2d"];

    [Fact]
    public void A_lightning_checkpoint_needs_nothing_else()
    {
        var model = Import(TestStateDict.PoyoTiny().Lightning());
        var config = model.File.Config;
        Assert.Equal("poyo", config.Kind);
        Assert.Equal((1_000_000_000, 1, 10_000_000), (config.BinNs, config.Lags, config.TargetNs));
        Assert.Equal([new UnitId("s0", "u0", 1), new UnitId("s0", "u1", 1), new UnitId("s0", "u2", 1)], config.Units);
        Assert.Equal([new OutputChannel("out_0", "1"), new OutputChannel("out_1", "1")], config.Outputs);
        Assert.Equal((WeightOrigin.Imported, "s0"), (config.Training.Origin, config.Training.Session));
        Assert.Equal([0.0, 0.0], config.Training.TargetMean);
        Assert.Matches("^imported from test.ckpt, sha-256 [0-9a-f]{64}, epoch 7$", config.Training.Note);
        Assert.Contains(model.PassedOver, line => line.Contains("optimizer_states", StringComparison.Ordinal));
        Assert.Equal(57, model.Tensors);
        Assert.Equal(model.File.Hash, ModelFile.Parse(model.Bytes, "again").Hash);
        ModelLoader.Create(model.File);
    }

    [Fact]
    public void What_the_user_says_is_in_the_file()
    {
        var model = Import(TestStateDict.PoyoTiny().Bare(), new ImportOptions
        {
            HyperParameters = Config(("sequence_length", 1.0), ("latent_step", 0.25)),
            Session = "s0",
            Units = [new("u2", new UnitId("probe", "Electrode 7", 3)), new("u0", new UnitId("probe", "Electrode 1", 0))],
            Outputs = [new("vx", "cm/s"), new("vy", "cm/s")],
            OutputSd = [20],
            OutputMean = [1, 2],
            QueryLag = 0.125,
            TargetNs = 50_000_000,
            Note = "mine",
        });
        var settings = TestStateDict.Settings<PoyoSettings>(model);
        Assert.Equal([3, 1], settings.UnitRows);
        Assert.Equal([new UnitId("probe", "Electrode 7", 3), new UnitId("probe", "Electrode 1", 0)], model.File.Config.Units);
        Assert.Equal([20.0, 20.0], settings.OutputSd);
        Assert.Equal([1.0, 2.0], settings.OutputMean);
        Assert.Equal(0.125, settings.QueryLag);
        Assert.Equal("vx", model.File.Config.Outputs[0].Name);
        Assert.Equal(50_000_000, model.File.Config.TargetNs);
        Assert.StartsWith("mine (imported from", model.File.Config.Training.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.")]
    [InlineData("module.model.")]
    [InlineData("model._orig_mod.")]
    public void Any_prefix_is_taken_off(string prefix)
    {
        var state = TestStateDict.PoyoTiny(prefix);
        if (prefix.Length > 0) state.Tensor("loss.weight", [1f], 1);
        var model = Import(state.Lightning());
        Assert.Contains("unit_emb.weight", model.File.Tensors.Tensors.Keys);
        if (prefix.Length > 0) Assert.Contains(model.PassedOver, line => line.Contains("loss.weight", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_of_the_first_public_code_are_changed_to_todays()
    {
        var state = TestStateDict.PoyoTiny("");
        state.Rename(name => name switch
        {
            "token_type_emb.weight" => "spike_type_emb.weight",
            "rotary_emb.omega" => "perceiver_io.rotary_emb.inv_freq",
            _ when name.StartsWith("enc_", StringComparison.Ordinal) || name.StartsWith("dec_", StringComparison.Ordinal) || name.StartsWith("proc_", StringComparison.Ordinal) => "perceiver_io." + name,
            _ => name,
        });
        var old = Import(state.Lightning());
        var today = Import(TestStateDict.PoyoTiny().Lightning());
        Assert.Equal(today.File.Tensors.Tensors.Keys.Order(), old.File.Tensors.Tensors.Keys.Order());
        foreach (var name in today.File.Tensors.Tensors.Keys) Assert.True(today.File.Tensors.Bytes(name).SequenceEqual(old.File.Tensors.Bytes(name)), name);
        Assert.Contains(old.Notes, note => note.Contains("first public POYO code", StringComparison.Ordinal));
    }

    [Fact]
    public void Other_precisions_become_single_and_are_noted()
    {
        var state = TestStateDict.PoyoTiny();
        state.Replace("model.readout.bias", tensor => tensor with { Storage = "HalfStorage", Bytes = MemoryMarshal.AsBytes<Half>([(Half)0.5, (Half)(-1)]).ToArray() });
        state.Replace("model.dec_ffn.0.bias", tensor => tensor with { Storage = "DoubleStorage", Bytes = MemoryMarshal.AsBytes<double>(Enumerable.Repeat(0.1, 32).ToArray()).ToArray() });
        var model = Import(state.Lightning());
        Assert.Equal([0.5f, -1f], model.File.Tensors.Floats("readout.bias"));
        Assert.Equal(0.1f, model.File.Tensors.Floats("dec_ffn.0.bias")[31]);
        Assert.Contains(model.Notes, note => note.Contains("F16; widened", StringComparison.Ordinal));
        Assert.Contains(model.Notes, note => note.Contains("F64; rounded", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_sessions_need_a_choice_and_share_out_the_units()
    {
        var state = TestStateDict.PoyoTiny();
        state.Remove("model.unit_emb.vocab");
        state.Remove("model.session_emb.vocab");
        state.Vocabulary("model.unit_emb.vocab", "NA", "monkey/day1/elec 1", "monkey/day2/elec 1", "monkey/day1/elec 2");
        state.Replace("model.session_emb.weight", tensor => tensor with { Shape = [4, 32], Count = 128, Bytes = new byte[512] });
        state.Vocabulary("model.session_emb.vocab", "NA", "monkey/day1", "monkey/day2", "monkey/day3");
        var bytes = state.Lightning();
        Refused(bytes, new ImportOptions(), "several sessions. It knows 3: monkey/day1, monkey/day2, monkey/day3", "--session");
        Refused(bytes, new ImportOptions { Session = "monkey/day9" }, "the nearest is 'monkey/day", "--session");
        Refused(bytes, new ImportOptions { Session = "NA" }, "no session 'NA'", "--session");
        Refused(bytes, new ImportOptions { Session = "monkey/day3" }, "no word that begins with 'monkey/day3/'", "--units");
        var model = Import(bytes, new ImportOptions { Session = "monkey/day1" });
        Assert.Equal([new UnitId("monkey/day1", "elec 1", 1), new UnitId("monkey/day1", "elec 2", 1)], model.File.Config.Units);
        Assert.Equal([1, 3], TestStateDict.Settings<PoyoSettings>(model).UnitRows);
    }

    [Fact]
    public void Units_that_do_not_fit_are_refused()
    {
        var bytes = TestStateDict.PoyoTiny().Lightning();
        Refused(bytes, Units(("u9", "a")), "no unit 'u9'; the nearest is 'u", "--units");
        Refused(bytes, Units(("NA", "a")), "no unit 'NA'", "--units");
        Refused(bytes, Units(("u0", "a"), ("u0", "b")), "'u0' is assigned twice", "--units");
        Refused(bytes, Units(("u0", "a"), ("u1", "a")), "'u0' and 'u1' both stand for", "--units");

        static ImportOptions Units(params (string Word, string Electrode)[] units) =>
            new() { Units = [.. units.Select(unit => new UnitAssignment(unit.Word, new UnitId("p", unit.Electrode, 1)))] };
    }

    [Fact]
    public void Options_that_do_not_fit_the_outputs_are_refused()
    {
        var bytes = TestStateDict.PoyoTiny().Lightning();
        Refused(bytes, new ImportOptions { Outputs = [new("a", "1")] }, "has 2 outputs, but 1 are named", "--outputs");
        Refused(bytes, new ImportOptions { OutputSd = [1, 2, 3] }, "--output-sd has 3 numbers", "one for each");
        Refused(bytes, new ImportOptions { QueryLag = 1.5 }, "1500 ms before the window's end", "--query-lag-ms");
    }

    [Fact]
    public void A_configuration_must_be_there_and_agree_with_the_tensors()
    {
        Refused(TestStateDict.PoyoTiny().Bare(), new ImportOptions(), "'hyper_parameters': are missing", "--config");
        var state = TestStateDict.PoyoTiny();
        foreach (var (name, value) in new (string, object)[] { ("dim", 33L), ("depth", 3L), ("dim_head", 64L), ("cross_heads", 2L), ("self_heads", 1L), ("num_latents_per_step", 5L), ("dim_out", 3L) })
        {
            state.HyperParameters[name] = value;
            Refused(state.Lightning(), new ImportOptions(), $"'{name}': is {value}, but the tensors", "--config");
            state.HyperParameters.Remove(name);
        }

        state.HyperParameters["latent_step"] = "0.25";
        Refused(state.Lightning(), new ImportOptions(), "'latent_step': is '0.25'; a number is due", "--config");
        state.HyperParameters["latent_step"] = double.NaN;
        Refused(state.Lightning(), new ImportOptions(), "'latent_step'", "--config");
        state.HyperParameters["latent_step"] = 5.0;
        Refused(state.Lightning(), new ImportOptions(), "latent_step", "configuration");
        state.HyperParameters.Remove("latent_step");
        Refused(state.Lightning(), new ImportOptions(), "'latent_step': is missing", "poyo_1.3M");
        Refused(state.Lightning(), new ImportOptions { HyperParameters = HyperParameters.Published["poyo_1.3m"] }, "poyo_1.3M, 'num_latents_per_step': is 16", "--config");
        Import(state.Lightning(), new ImportOptions { HyperParameters = Config(("sequence_length", 1L), ("latent_step", 0.25)) });
    }

    [Fact]
    public void Tensors_that_are_missing_too_many_or_misshapen_are_refused()
    {
        foreach (var name in TestStateDict.PoyoTiny("").Entries.Select(entry => entry.Name))
        {
            var state = TestStateDict.PoyoTiny("");
            state.Remove(name);
            Assert.True(Error(state.Lightning()) is { } error && (error.Contains(name, StringComparison.Ordinal) || name.StartsWith("readout", StringComparison.Ordinal)), name);
        }

        var more = TestStateDict.PoyoTiny();
        more.Tensor("model.dec_atn.to_q.bias", new float[16], 16);
        Refused(more.Lightning(), new ImportOptions(), "'model.dec_atn.to_q.bias': is a tensor that POYO", "another network");
        var layer = TestStateDict.PoyoTiny();
        layer.Rename(name => name.Replace("proc_layers.1.", "proc_layers.7.", StringComparison.Ordinal));
        Refused(layer.Lightning(), new ImportOptions(), "proc_layers.1", "");
        var shape = TestStateDict.PoyoTiny();
        shape.Replace("model.dec_ffn.1.net.0.weight", tensor => tensor with { Shape = [32, 256] });
        Refused(shape.Lightning(), new ImportOptions(), "dec_ffn.1.net.0.weight", "");
        var infinite = TestStateDict.PoyoTiny();
        infinite.Replace("model.readout.bias", tensor => tensor with { Bytes = MemoryMarshal.AsBytes<float>([0, float.NaN]).ToArray() });
        Refused(infinite.Lightning(), new ImportOptions(), "'readout.bias': holds NaN at index 1", "");
    }

    [Theory]
    [InlineData("NA,u0,u1", "has 3 words, but unit_emb.weight has 4 rows")]
    [InlineData("u0,NA,u1,u2", "'u0' in row 0, where NA is due")]
    public void A_vocabulary_that_does_not_fit_its_table_is_refused(string words, string expected)
    {
        var state = TestStateDict.PoyoTiny();
        state.Remove("model.unit_emb.vocab");
        state.Vocabulary("model.unit_emb.vocab", words.Split(','));
        var error = Error(state.Lightning());
        Assert.Contains("'model.unit_emb.vocab': has", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Possm_of_the_late_revision_is_strict()
    {
        var model = Import(TestStateDict.Possm(OneTask, late: true).Lightning());
        var settings = TestStateDict.Settings<PossmSettings>(model);
        Assert.Equal(("possm", 50_000_000, 1), (model.File.Config.Kind, model.File.Config.BinNs, model.File.Config.Lags));
        Assert.Equal((0, "cursor_velocity_2d", "s0"), (settings.VisibleTokens, settings.Task, settings.Session));
        Assert.Equal((32, 0, 16, 1, 48, 1, 3, 1), (settings.HyperParameters.Dim, settings.HyperParameters.Depth, settings.HyperParameters.DimHead, settings.HyperParameters.CrossHeads,
            settings.HyperParameters.RnnDim, settings.HyperParameters.NumRnnLayers, settings.HyperParameters.OutputCaCtxLim, settings.HyperParameters.NumLatents));
        Assert.Contains("dec_rotary_emb.omega", model.File.Tensors.Tensors.Keys);
        Assert.Empty(model.Notes);
    }

    [Fact]
    public void Possm_without_a_tensor_is_refused()
    {
        foreach (var name in TestStateDict.Possm(OneTask, late: false, "").Entries.Select(entry => entry.Name))
        {
            var state = TestStateDict.Possm(OneTask, late: false, "");
            state.Remove(name);
            Assert.ThrowsAny<ModelFormatException>(() => Import(state.Lightning(), new ImportOptions { VisibleTokens = 0 }));
        }

        var more = TestStateDict.Possm(OneTask, late: true);
        more.Tensor("model.backbone.norm.weight", new float[48], 48);
        Refused(more.Lightning(), new ImportOptions(), "'model.backbone.norm.weight': is a tensor that POSSM", "another network");
    }

    [Fact]
    public void Possm_of_the_early_revision_is_told_its_blanks_or_warns()
    {
        var bytes = TestStateDict.Possm(OneTask, late: false).Lightning();
        var strict = Import(bytes, new ImportOptions());
        Assert.Equal(0, TestStateDict.Settings<PossmSettings>(strict).VisibleTokens);
        Assert.Contains(strict.Notes, note => note.StartsWith("WARNING", StringComparison.Ordinal) && note.Contains("--visible-tokens", StringComparison.Ordinal));
        var model = Import(bytes, new ImportOptions { VisibleTokens = 30 });
        Assert.Equal(30, TestStateDict.Settings<PossmSettings>(model).VisibleTokens);
        Assert.Contains(model.Notes, note => note.Contains("30 tokens", StringComparison.Ordinal));
    }

    [Fact]
    public void Tasks_keep_the_order_of_the_state_dict()
    {
        string[] tasks = ["z_first", "a_second", "m_third"];
        var bytes = TestStateDict.Possm(tasks, late: true).Lightning();
        Refused(bytes, new ImportOptions(), "has 3 tasks: z_first, a_second, m_third", "--task");
        Refused(bytes, new ImportOptions { Task = "a_secnd" }, "the nearest is 'a_second'", "--task");
        var model = Import(bytes, new ImportOptions { Task = "a_second" });
        var settings = TestStateDict.Settings<PossmSettings>(model);
        Assert.Equal(tasks, settings.Tasks);
        Assert.Equal("a_second", settings.Task);
        Assert.Equal(3, model.File.Config.Outputs.Count);
    }

    [Fact]
    public void Relatives_of_possm_and_poyo_are_refused_by_name()
    {
        var both = TestStateDict.Possm(OneTask, late: true);
        both.Tensor("model.backbone.net.weight_ih_l0_reverse", new float[4], 4);
        Refused(both.Lightning(), new ImportOptions(), "backbone.net.weight_ih_l0_reverse': belongs to a bidirectional GRU", "bidirectional=False");
        var says = TestStateDict.Possm(OneTask, late: true);
        says.HyperParameters["bidirectional"] = true;
        Refused(says.Lightning(), new ImportOptions(), "'bidirectional': is true", "");
        var mamba = TestStateDict.Possm(OneTask, late: true);
        mamba.Rename(name => name.Replace("backbone.net.", "backbone.mamba.", StringComparison.Ordinal));
        Refused(mamba.Lightning(), new ImportOptions(), "no GRU", "");
        var plus = TestStateDict.PoyoTiny();
        plus.Rename(name => name.Replace("readout.", "readout.projections.cursor_velocity_2d.", StringComparison.Ordinal));
        Refused(plus.Lightning(), new ImportOptions(), "POYO+", "");
        var step = TestStateDict.Possm(OneTask, late: true);
        step.HyperParameters["bin_step"] = 0.02;
        Refused(step.Lightning(), new ImportOptions(), "bin_step", "");
        var lag = TestStateDict.Possm(OneTask, late: true);
        Refused(lag.Lightning(), new ImportOptions { QueryLag = 0.05 }, "50 ms before the window's end", "--query-lag-ms");
    }

    [Fact]
    public void What_is_no_such_model_is_told()
    {
        Assert.Contains("no dictionary", Error(TestCheckpoint.Zip(new TestPickle().Ops("N").Stop())), StringComparison.Ordinal);
        Assert.Contains("'state_dict': is no dictionary", Error(TestCheckpoint.Zip(new TestPickle().Ops("}").Text("state_dict").Ops("Ns").Stop())), StringComparison.Ordinal);
        var other = Error(TestCheckpoint.Zip(new TestPickle().Ops("}").Text("conv1.weight").Tensor("FloatStorage", "0", 1, 0, [], []).Ops("s").Stop(), ("0", new byte[4])));
        Assert.Contains("no POYO, POSSM, MtM or Neuroformer model; it has conv1.weight", other, StringComparison.Ordinal);
        var twins = TestStateDict.PoyoTiny();
        twins.Tensor("ema.unit_emb.weight", [1f], 1);
        Assert.Contains("both name input tables", Error(twins.Lightning()), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_unfold_far_beyond_the_file_are_refused_unread()
    {
        var pickle = new TestPickle().Ops("}(").Text("hyper_parameters").Ops("}(").Text("sequence_length").Int(1).Text("latent_step").Float(0.25).Ops("u").Text("state_dict").Ordered().Ops("(");
        foreach (var (name, shape) in new[] { ("unit_emb.weight", new long[] { 2, 32 }), ("session_emb.weight", [2, 32]), ("rotary_emb.omega", [8]), ("latent_emb.weight", [4, 32]), ("readout.weight", [2, 32]), ("enc_atn.to_q.weight", [16, 32]) })
            pickle.Text(name).Tensor("FloatStorage", "0", 1, 0, shape, new long[shape.Length]);
        for (var layer = 0; layer < 60; layer++) pickle.Text($"proc_layers.{layer}.0.to_qkv.weight").Tensor("FloatStorage", "0", 1, 0, [48, 20_000], [0, 0]);
        pickle.Text("unit_emb.vocab").Ordered().Text("NA").Int(0).Ops("s").Text("u").Int(1).Ops("s").Text("session_emb.vocab").Ordered().Text("NA").Int(0).Ops("s").Text("s").Int(1).Ops("s");
        Assert.Contains("unfolds to", Error(TestCheckpoint.Zip(pickle.Ops("uu").Stop(), ("0", new byte[4]))), StringComparison.Ordinal);
    }

    private static HyperParameters Config(params (string Name, object? Value)[] values) => new("test.yaml", values.ToDictionary(pair => pair.Name, pair => pair.Value));

    private static ImportedModel Import(byte[] bytes, ImportOptions? options = null)
    {
        using var checkpoint = TestCheckpoint.Parse(bytes);
        return CheckpointImporter.Import(checkpoint, options ?? new ImportOptions());
    }

    private static string Error(byte[] bytes) => Assert.Throws<ModelFormatException>(() => Import(bytes)).Message;

    private static void Refused(byte[] bytes, ImportOptions options, string what, string next)
    {
        var error = Assert.Throws<ModelFormatException>(() => Import(bytes, options));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(next, error.Next, StringComparison.Ordinal);
    }
}
