using Realtime.Models.Weights;

namespace Realtime.Models.Verification;

/// <summary>Compares the stages of one run with reference tensors, and knows which references were never reached. One thread.</summary>
/// <param name="references">The reference tensors.</param>
/// <param name="prefix">How the names of the run's references begin.</param>
/// <param name="tolerance">Largest difference allowed.</param>
/// <param name="relative">Whether large numbers may differ by more: see <see cref="RelativeDifference"/>.</param>
internal sealed class StageComparison(SafetensorsFile references, string prefix, double tolerance, bool relative = false)
{
    private readonly List<VerifyStage> _stages = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public IReadOnlyList<VerifyStage> Stages => _stages;

    /// <summary>Compares one stage.</summary>
    /// <param name="stage">Name of the reference behind the prefix.</param>
    /// <param name="values">Of that shape, row-major.</param>
    /// <param name="shape">What the reference must have.</param>
    /// <param name="rows">For each row of the last axis, whether it counts; null for all.</param>
    /// <exception cref="ModelFormatException">The reference is missing or of another shape.</exception>
    public void Add(string stage, ReadOnlySpan<float> values, ReadOnlySpan<long> shape, bool[]? rows)
    {
        var name = prefix + stage;
        var info = references.Info(name);
        if (!shape.SequenceEqual(info.Shape.ToArray()))
        {
            throw new ModelFormatException(references.Name, name, $"has shape {info.ShapeText}; the inputs and the configuration give {TensorShape.Text(shape.ToArray())}.",
                "Export inputs and outputs of one run.");
        }

        _seen.Add(name);
        _stages.Add(new VerifyStage(stage, Largest(values, references.Doubles(name), (int)shape[^1], rows), tolerance));
    }

    /// <summary>Refuses references that no stage of the run has met: the folder is of a deeper or another model.</summary>
    /// <param name="beginnings">Beginnings of the stage names that must have been met.</param>
    /// <exception cref="ModelFormatException">One was not.</exception>
    public void NeedAll(params ReadOnlySpan<string> beginnings)
    {
        foreach (var beginning in beginnings)
        {
            var left = references.Tensors.Keys.Where(name => name.StartsWith(prefix + beginning, StringComparison.Ordinal) && !_seen.Contains(name)).Min(StringComparer.Ordinal);
            if (left is not null)
                throw new ModelFormatException(references.Name, left, "is a stage that the configured model does not have.", "Check depth in config.json's hyper_parameters.");
        }
    }

    /// <summary>|value - reference| / (1 + |reference|): below a tolerance t where the difference is below t absolute plus t relative.</summary>
    public static double RelativeDifference(double value, double reference) => Math.Abs(value - reference) / (1 + Math.Abs(reference));

    /// <summary>Largest difference; NaN when any is NaN, 0 when no row counts.</summary>
    private double Largest(ReadOnlySpan<float> values, double[] reference, int width, bool[]? rows)
    {
        double largest = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (rows is not null && !rows[i / width]) continue;
            var difference = relative ? RelativeDifference(values[i], reference[i]) : Math.Abs(values[i] - reference[i]);
            if (double.IsNaN(difference)) return double.NaN;
            largest = Math.Max(largest, difference);
        }

        return largest;
    }
}
