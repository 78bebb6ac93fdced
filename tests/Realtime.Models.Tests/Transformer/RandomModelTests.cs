using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Possm;
using Realtime.Models.Poyo;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;
using Realtime.Tests;

namespace Realtime.Models.Tests.Transformer;

/// <summary>Models of random weights: upstream's names, shapes and initialisation, and the same bits everywhere.</summary>
public sealed class RandomModelTests
{
    private static readonly PoyoConfig TinyPoyo = new() { LatentStep = 0.25, NumLatentsPerStep = 4, Dim = 32, Depth = 2, DimHead = 16, CrossHeads = 1, SelfHeads = 2 };

    private static readonly PossmConfig TinyPossm = new() { Dim = 32, DimHead = 16, RnnDim = 24, NumRnnLayers = 2, Depth = 1, NumLatents = 2 };

    [Theory]
    [InlineData("poyo_1.3M", 1_254_018)]
    [InlineData("poyo_11.8M", 11_717_378)]
    [InlineData("possm_small", 405_376)]
    [InlineData("possm_large", 7_655_936)]
    public void Published_configurations_have_the_published_number_of_parameters(string name, long expected)
    {
        var file = ModelFile.Parse(RandomModels.Named(name, Options())!, name);

        // Counted as published: POYO without its unit and session tables, POSSM without any table and without the readout.
        string[] left = name.StartsWith("possm", StringComparison.Ordinal)
            ? ["unit_emb", "session_emb", "token_type_emb", "task_emb", "latent_emb", "readout", "rotary_emb", "dec_rotary_emb"]
            : ["unit_emb", "session_emb", "rotary_emb"];
        var counted = file.Tensors.Tensors.Where(tensor => !left.Contains(tensor.Key.Split('.')[0])).Sum(tensor => tensor.Value.Shape.Aggregate(1L, (a, b) => a * b));
        Assert.Equal(expected, counted);
    }

    [NeedsSharedFact]
    public void Names_and_shapes_are_those_of_upstreams_state_dict()
    {
        var poyo = SafetensorsFile.Read(Path.Combine(RepositoryFiles.Shared!, "golden", "poyo", "tiny", "weights.safetensors"));
        Assert.Equal(Shapes(poyo.Tensors.Values.Select(info => (info.Name, info.Shape))), Shapes(PoyoRandom.Tensors(TinyPoyo, 4, 2, 2, 1).Select(tensor => (tensor.Name, tensor.Shape))));

        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Shared!, "golden", "possm", "small", "config.json")))!;
        var file = ModelFile.Parse(RandomModels.Create("POSSM", golden["hyper_parameters"]!.AsObject(), Options(), "config.json"), "random");
        var possm = SafetensorsFile.Read(Path.Combine(RepositoryFiles.Shared!, "golden", "possm", "small", "weights.safetensors"));

        // The golden is of the early revision and has another vocabulary and other tasks.
        string[] own = ["unit_emb.weight", "session_emb.weight", "task_emb.weight", "dec_rotary_emb.omega"];
        bool Shared(string name) => !own.Contains(name) && !name.StartsWith("readout.", StringComparison.Ordinal);
        Assert.Equal(
            Shapes(possm.Tensors.Values.Where(info => Shared(info.Name)).Select(info => (info.Name, info.Shape))),
            Shapes(file.Tensors.Tensors.Values.Where(info => Shared(info.Name)).Select(info => (info.Name, info.Shape))));
        Assert.True(file.Tensors.Tensors.ContainsKey("dec_rotary_emb.omega"));
    }

    [Fact]
    public void The_bits_are_the_same_on_every_machine()
    {
        // From another program, written from the description of the generator in Python. Only additions, multiplications, divisions and
        // square roots go into the numbers.
        Assert.Equal(PoyoDigest, Digest(PoyoRandom.Tensors(TinyPoyo, 4, 2, 2, 1)));
        Assert.Equal(PossmDigest, Digest(PossmRandom.Tensors(TinyPossm, 4, 2, 2, 1)));
        Assert.NotEqual(PoyoDigest, Digest(PoyoRandom.Tensors(TinyPoyo, 4, 2, 2, 2)));
        Assert.Equal(PoyoRandom.Create(TinyPoyo, Options()), PoyoRandom.Create(TinyPoyo, Options()));
    }

    [Fact]
    public void Numbers_are_distributed_as_upstream_initialises_them()
    {
        var tensors = PoyoRandom.Tensors(PoyoConfig.Poyo1M, 400, 2, 2, 7).Concat(PossmRandom.Tensors(PossmConfig.Small, 400, 2, 2, 7).Where(tensor => tensor.Name.StartsWith("backbone", StringComparison.Ordinal)))
            .ToDictionary(tensor => tensor.Name, tensor => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray());
        var units = tensors["unit_emb.weight"];
        Assert.All(units.AsSpan(0, 64).ToArray(), value => Assert.Equal(0, value));

        // Four standard errors of mean and standard deviation, of 25,536 numbers.
        Assert.InRange(units.Skip(64).Average(), -0.0005, 0.0005);
        Assert.InRange(Math.Sqrt(units.Skip(64).Average(value => (double)value * value)), 0.01964, 0.02036);
        Assert.InRange(units.Max(Math.Abs), 0.06, 0.12);
        Even("enc_atn.to_kv.weight", 1 / Math.Sqrt(64));
        Even("proc_layers.3.1.1.net.3.weight", 1 / Math.Sqrt(256));
        Even("proc_layers.3.1.1.net.0.bias", 1 / Math.Sqrt(64));
        Even("backbone.net.weight_ih_l0", 1 / Math.Sqrt(256));
        Even("backbone.net.bias_hh_l0", 1 / Math.Sqrt(256));
        Assert.All(tensors["enc_atn.norm.weight"], value => Assert.Equal(1, value));
        Assert.All(tensors["enc_atn.norm.bias"], value => Assert.Equal(0, value));
        Assert.DoesNotContain("enc_atn.to_q.bias", tensors.Keys);
        Assert.NotEqual(tensors["proc_layers.0.0.to_qkv.weight"], tensors["proc_layers.1.0.to_qkv.weight"]);

        void Even(string name, double bound)
        {
            var values = tensors[name];
            var scatter = 4 / Math.Sqrt(values.Length);
            Assert.InRange(values.Max(Math.Abs), bound * (1 - 20.0 / values.Length), bound * (1 + 1e-6));
            Assert.InRange(values.Average(value => value / bound), -scatter, scatter);
            Assert.InRange(values.Average(value => value / bound * (value / bound)), 1.0 / 3 - scatter, 1.0 / 3 + scatter);
        }
    }

    [Fact]
    public void The_file_says_that_its_weights_are_random_and_what_it_is_for()
    {
        var file = ModelFile.Parse(PossmRandom.Create(TinyPossm, Options() with { Seed = 5 }), "random");
        Assert.Equal(("possm", 50_000_000L, 1, 10_000_000L), (file.Config.Kind, file.Config.BinNs, file.Config.Lags, file.Config.TargetNs));
        Assert.Equal((WeightOrigin.Random, 5L), (file.Config.Training.Origin, file.Config.Training.Seed));
        Assert.Contains("RANDOM WEIGHTS", file.Config.Training.Note);
        var settings = SettingsText(file);
        Assert.Equal("""["NA","probe/a#1","probe/b#0"]""", settings["unit_vocab"]!.ToJsonString());
        Assert.Equal("""["NA","mouse 7"]""", settings["session_vocab"]!.ToJsonString());
        Assert.Equal("[1,2]", settings["unit_rows"]!.ToJsonString());
        Assert.Equal(24, (int)settings["hyper_parameters"]!["rnn_dim"]!);
        Assert.Equal(3, (int)settings["hyper_parameters"]!["output_ca_ctx_lim"]!);
        Assert.Equal(0, (int)settings["visible_tokens"]!);
        Assert.Equal([3L, 32L], file.Tensors.Info("unit_emb.weight").Shape);

        var poyo = ModelFile.Parse(PoyoRandom.Create(TinyPoyo, Options()), "random");
        Assert.Equal(("poyo", 1_000_000_000L), (poyo.Config.Kind, poyo.Config.BinNs));
        Assert.Equal(0.25, (double)SettingsText(poyo)["hyper_parameters"]!["latent_step"]!);
        Assert.False(SettingsText(poyo)["hyper_parameters"]!.AsObject().ContainsKey("latents"));
    }

    [Theory]
    [InlineData("poyo", """{"dim":0}""", "hyper_parameters.dim")]
    [InlineData("poyo", """{"deph":3}""", "the nearest is 'depth'")]
    [InlineData("poyo", """{"dim":"wide"}""", "hyper_parameters.dim")]
    [InlineData("poyo", """{"dim_head":18}""", "hyper_parameters.dim_head")]
    [InlineData("possm", """{"bin_step":0.02}""", "hyper_parameters.bin_step")]
    [InlineData("possm", """{"rnn_dim":1000000}""", "hyper_parameters.rnn_dim")]
    [InlineData("pojo", """{}""", "the nearest is 'poyo'")]
    public void Hyper_parameters_that_no_model_can_have_are_named(string kind, string json, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(() => RandomModels.Create(kind, JsonNode.Parse(json)!.AsObject(), Options(), "my.json"));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith("my.json", error.Message.Replace("the configuration", "my.json"));
    }

    private const string PoyoDigest = "e55a048b89a328c91ce1074c43aff6d65daeaab0e0b37d9183d2117668b4f7e7";

    private const string PossmDigest = "145482a8ba154aa9967f942df957fed11ca5be771bc29ac0a0c8b9418066ef2f";

    private static RandomModelOptions Options() => new()
    {
        Units = [new UnitId("probe", "a", 1), new UnitId("probe", "b", 0)],
        Outputs = [new OutputChannel("x", "cm"), new OutputChannel("y", "cm")],
        Session = "mouse 7",
    };

    private static JsonObject SettingsText(ModelFile file) => file.Config.Settings!;

    private static string[] Shapes(IEnumerable<(string Name, IReadOnlyList<long> Shape)> tensors) =>
        tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]").Order(StringComparer.Ordinal).ToArray();

    private static string Digest(IEnumerable<TensorData> tensors) => Convert.ToHexStringLower(SHA256.HashData(tensors.SelectMany(tensor => tensor.Bytes).ToArray()));
}
