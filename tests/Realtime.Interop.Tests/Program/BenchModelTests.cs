using System.Text.Json;

namespace Realtime.Interop.Tests.Program;

/// <summary>The benchmark of a model as a user calls it. Its figures are not judged here: tests have no clock.</summary>
[Collection(RigCollection.Name)]
public sealed class BenchModelTests(RigFixture rig)
{
    private const string TinyPoyo = """
        model: poyo
        hyper_parameters: { sequence_length: 0.2, latent_step: 0.05, num_latents_per_step: 2, dim: 16, depth: 1, dim_head: 8, cross_heads: 1, self_heads: 2, ffn_dropout: 0.2 }
        """;

    private const string TinyPossm = """{"model": "POSSM", "hyper_parameters": {"dim": 16, "dim_head": 8, "rnn_dim": 12}}""";

    [Theory]
    [InlineData("tiny.yaml", TinyPoyo, "1", 25)]
    [InlineData("tiny.yaml", TinyPoyo, "2", 25)]
    [InlineData("tiny.json", TinyPossm, "1", 50)]
    [InlineData("flat.json", """{"dim": 16, "dim_head": 8, "rnn_dim": 12}""", "1", 50)]
    public void Hyper_parameters_of_a_file_are_measured_for_the_ticks_asked(string name, string text, string threads, double hopMs)
    {
        var path = Path.Combine(rig.Folder, name);
        File.WriteAllText(path, text);
        var result = Measure("--config", path, "--spikes", "2000", "--units", "8", "--threads", threads, "--ticks", "200");
        Assert.Equal(200, result.GetProperty("count").GetInt64());
        Assert.Equal(0, result.GetProperty("allocated_bytes").GetInt64());
        Assert.Equal(0, result.GetProperty("gc_collections").GetInt32());
        Assert.Equal(hopMs, result.GetProperty("hop_ms").GetDouble());
        Assert.Equal((8, "random"), (result.GetProperty("units").GetInt32(), result.GetProperty("weights").GetString()));
        Assert.Equal(threads, result.GetProperty("threads").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains(result.GetProperty("kernels").GetString(), new[] { "avx512", "avx2", "portable" });

        // Poisson: 2000 spikes/s in a window of 200 or 50 ms; the mean of 200 windows.
        var expected = 2000 * result.GetProperty("window_ms").GetDouble() * 1e-3;
        Assert.InRange(result.GetProperty("spikes_per_window").GetDouble(), 0.8 * expected, 1.2 * expected);
        var order = new[] { "min_us", "p50_us", "p99_us", "p999_us", "max_us" }.Select(key => result.GetProperty(key).GetDouble()).ToArray();
        Assert.True(order[0] > 0);
        Assert.Equal(order.Order(), order);
        Assert.Equal(result.GetProperty("multiply_adds").GetDouble(), result.GetProperty("stages").EnumerateObject().Sum(stage => stage.Value.GetDouble()), 1e-3);
        Assert.Equal(2e-3 * result.GetProperty("multiply_adds").GetDouble() / order[1], result.GetProperty("gflops").GetDouble(), 1e-3 * result.GetProperty("gflops").GetDouble());
        Assert.Equal(result.GetProperty("gflops").GetDouble() / result.GetProperty("peak_gflops").GetDouble(), result.GetProperty("share_of_peak").GetDouble(), 1e-9);
        Assert.True(result.GetProperty("resident_bytes").GetInt64() > 1_000_000);
    }

    [Fact]
    public void A_model_file_is_measured_as_it_is()
    {
        var result = Measure("--config", rig.Model, "--ticks", "100");
        Assert.Equal(("wiener", "trained"), (result.GetProperty("kind").GetString(), result.GetProperty("weights").GetString()));
        Assert.Equal((24, 50), (result.GetProperty("units").GetInt32(), result.GetProperty("hop_ms").GetInt32()));
        Assert.Equal(0, result.GetProperty("multiply_adds").GetDouble());
    }

    [Theory]
    [InlineData(4, "the nearest is 'poyo_1.3M'", "--config", "poyo_1.3")]
    [InlineData(4, "possm_large", "--config", "nothing like it")]
    [InlineData(2, "--threads is 3", "--config", "possm_small", "--threads", "3")]
    [InlineData(2, "--spikes", "--config", "possm_small", "--spikes", "-1")]
    [InlineData(2, "--units", "--config", "possm_small", "--units", "0")]
    [InlineData(2, "every 50 ms", "--config", "possm_small", "--hop-ms", "25")]
    [InlineData(2, "--config")]
    public void What_cannot_be_measured_is_named(int code, string text, params string[] arguments) => Expect(code, text, arguments);

    [Theory]
    [InlineData("hyper_parameters: {dim: 16}", "'model' is missing")]
    [InlineData("dim: 16", "'model' is missing")]
    [InlineData("model: poyo\ndimm: 16", "the nearest is 'dim'")]
    [InlineData("model: mamba\nhyper_parameters: {dim: 16}", "'mamba'")]
    [InlineData("model: poyo\nhyper_parameters: {dimm: 16}", "the nearest is 'dim'")]
    [InlineData("model: poyo\nhyper_parameters: {dim: sixteen}", "hyper_parameters.dim")]
    [InlineData("model: poyo\nhyper_parameters: {dim: [16]}", "must be a number")]
    public void A_file_of_hyper_parameters_that_is_wrong_is_named_with_its_key(string text, string expected)
    {
        var path = Path.Combine(rig.Folder, "wrong.yaml");
        File.WriteAllText(path, text);
        Expect(4, expected, "--config", path);
    }

    [Fact]
    public void Units_are_the_models_own_where_it_has_them() => Expect(2, "has units of its own", "--config", rig.Model, "--units", "12");

    private static JsonElement Measure(params string[] arguments)
    {
        var (code, output, errors) = Rtdecode.Run(["bench", "model", .. arguments, "--json"]);
        Assert.True(code == 0, errors);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    private static void Expect(int code, string text, params string[] arguments)
    {
        var (actual, output, errors) = Rtdecode.Run(["bench", "model", .. arguments]);
        Assert.True(actual == code, $"ended with {actual}, not {code}: {output}{errors}");
        Assert.DoesNotContain("   at ", errors);
        Assert.Contains(text, output + errors, StringComparison.Ordinal);
    }
}
