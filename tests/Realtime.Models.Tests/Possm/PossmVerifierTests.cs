using Realtime.Models.Verification;
using Realtime.Models.Weights;

namespace Realtime.Models.Tests.Possm;

/// <summary>The verifier on folders that are not as the golden ones.</summary>
public sealed class PossmVerifierTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("possm golden ").FullName;

    public PossmVerifierTests()
    {
        foreach (var file in Directory.GetFiles(PossmFolders.TinyPath)) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_folder_is_found_by_its_model_and_passes() => Assert.All(Verifier.Run(_folder), result => Assert.True(result.Pass, result.Name));

    [Theory]
    [InlineData("unit_emb.weight")]
    [InlineData("enc_atn.to_kv.weight")]
    [InlineData("enc_ffn.1.net.3.bias")]
    [InlineData("backbone.net.weight_hh_l0")]
    [InlineData("dec_atn.norm_context.bias")]
    [InlineData("readout.projections.cursor_velocity_2d.bias")]
    public void A_number_of_the_weights_that_is_wrong_fails_every_run(string tensor)
    {
        Rewrite("weights", all => all.Select(data => data.Name == tensor ? Nudged(data) : data));
        var cases = Verifier.Run(_folder);
        Assert.True(cases.Single(result => result.Name == "possm tokens").Pass);
        Assert.All(cases.Where(result => result.Name != "possm tokens"), result => Assert.False(result.Pass, result.Name));
    }

    [Fact]
    public void A_spike_that_is_wrong_fails_the_tokeniser_and_the_live_form_only()
    {
        Rewrite("inputs", all => all.Select(data => data.Name == "raw.0.spike_timestamps"
            ? TensorData.Of(data.Name, [.. PossmFolders.Tiny.Inputs.Doubles(data.Name).Select((time, i) => i == 4 ? time + 1e-4 : time)], [.. data.Shape]) : data));
        foreach (var result in Verifier.Run(_folder)) Assert.Equal(result.Name.Contains("plain", StringComparison.Ordinal), result.Pass);
    }

    [Fact]
    public void Without_raw_spikes_only_the_plain_form_is_run()
    {
        Rewrite("inputs", all => all.Where(data => !data.Name.StartsWith("raw.", StringComparison.Ordinal)));
        var cases = Verifier.Run(_folder);
        Assert.NotEmpty(cases);
        Assert.All(cases, result => Assert.True(result.Pass && result.Name.Contains("plain", StringComparison.Ordinal), result.Name));
    }

    [Fact]
    public void Runs_and_stages_may_be_left_out()
    {
        Rewrite("outputs", all => all.Where(data => data.Name is "late.f64.pred.cursor_velocity_2d" or "late.dec_rotary_emb.omega"));
        Rewrite("inputs", all => all.Where(data => data.Name is not ("token_mask" or "output_mask")));
        Rewrite("inputs", all => all.Select(data => data.Name == "input_mask"
            ? new TensorData(data.Name, data.Type, data.Shape, PossmFolders.Tiny.Inputs.Bytes("token_mask").ToArray()) : data));
        var cases = Verifier.Run(_folder);
        Assert.Contains(cases, result => result.Name.Contains("plain late", StringComparison.Ordinal));
        Assert.DoesNotContain(cases, result => result.Name.Contains("strict", StringComparison.Ordinal));
        foreach (var result in cases.Where(result => result.Name != "possm tokens"))
        {
            Assert.Single(result.Stages);
            Assert.True(result.Pass, result.Name);
        }
    }

    [Fact]
    public void References_in_float32_alone_are_refused()
    {
        Rewrite("outputs", all => all.Where(data => !data.Name.Contains("f64", StringComparison.Ordinal)));
        Assert.Contains("in double", Assert.Throws<ModelFormatException>(() => Verifier.Run(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"id\": 1", "\"id\": 2", "readout_tasks.cursor_velocity_2d.id")]
    [InlineData("\"dim\": 2", "\"dim\": 3", "readout_tasks.cursor_velocity_2d.dim")]
    [InlineData("\"rnn_dim\": 48", "\"rnn_dim\": 49", "backbone.net.weight_ih_l0")]
    [InlineData("\"bin_step\": 0.05", "\"bin_step\": 0.025", "bin_step")]
    [InlineData("\"output_ca_ctx_lim\": 3", "\"output_ca_ctx_lim\": 0", "output_ca_ctx_lim")]
    [InlineData("\"u2\"\n   ],", "\"u3\"\n   ],", "the nearest is")]
    [InlineData("\"num_latents\": 1", "\"num_latents\": 2", "latent_emb.weight")]
    public void A_configuration_that_contradicts_the_files_is_refused(string from, string to, string expected)
    {
        var path = Path.Combine(_folder, "config.json");
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Verifier.Run(_folder)).Message, StringComparison.Ordinal);
    }

    private static TensorData Nudged(TensorData data)
    {
        var values = new float[data.Bytes.Length / sizeof(float)];
        Buffer.BlockCopy(data.Bytes, 0, values, 0, data.Bytes.Length);

        // The whole tensor, so that a row nothing uses cannot hide it.
        for (var i = 0; i < values.Length; i++) values[i] += 0.02f * (i % 3 - 0.7f);
        return TensorData.Of(data.Name, values, [.. data.Shape]);
    }

    private void Rewrite(string name, Func<IEnumerable<TensorData>, IEnumerable<TensorData>> change)
    {
        var path = Path.Combine(_folder, name + ".safetensors");
        var file = SafetensorsFile.Parse(new ArrayWeightBytes(File.ReadAllBytes(path)), path);
        var tensors = file.Tensors.Values.Select(info => new TensorData(info.Name, info.Type, info.Shape, file.Bytes(info.Name).ToArray())).ToArray();
        File.WriteAllBytes(path, SafetensorsWriter.ToBytes(change(tensors), file.Metadata));
    }
}
