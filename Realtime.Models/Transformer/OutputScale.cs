namespace Realtime.Models.Transformer;

/// <summary>Turns a model's normalised outputs into physical ones: y × sd + mean. Immutable; any thread.</summary>
internal sealed class OutputScale
{
    private readonly float[] _sd;
    private readonly float[] _mean;

    /// <param name="file">The model, for messages and the number of outputs.</param>
    /// <param name="sd">One per output, or empty for 1.</param>
    /// <param name="mean">One per output, or empty for 0.</param>
    /// <exception cref="ModelFormatException">A list has another length, or holds what is not finite.</exception>
    public OutputScale(ModelFile file, IReadOnlyList<double> sd, IReadOnlyList<double> mean)
    {
        var outputs = file.Config.Outputs.Count;
        _sd = Read("output_sd", sd, 1);
        _mean = Read("output_mean", mean, 0);

        float[] Read(string key, IReadOnlyList<double> values, float missing)
        {
            if (values.Count == 0) return [.. Enumerable.Repeat(missing, outputs)];
            if (values.Count != outputs || values.Any(value => !float.IsFinite((float)value)))
                throw new ModelFormatException(file.Name, "config.settings." + key, $"must hold one finite number for each of the {outputs} outputs.", "Import or train the model again.");
            return [.. values.Select(value => (float)value)];
        }
    }

    public void Apply(Span<float> values)
    {
        for (var i = 0; i < _sd.Length; i++) values[i] = values[i] * _sd[i] + _mean[i];
    }
}
