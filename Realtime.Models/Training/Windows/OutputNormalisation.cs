using System.Globalization;
using Realtime.Engine.Decoding;

namespace Realtime.Models.Training.Windows;

/// <summary>Mean and standard deviation of each output in one session's training intervals.</summary>
internal sealed class OutputNormalisation
{
    // Means of equal float32 samples differ in their last bits; a deviation below this share of the values is none.
    private const double Constant = 1e-7;

    private OutputNormalisation(bool[] knows, double[] mean, double[] sd, IReadOnlyList<string> notes) =>
        (Knows, Mean, Sd, Notes) = (knows, mean, sd, notes);

    public bool[] Knows { get; }

    public double[] Mean { get; }

    public double[] Sd { get; }

    public IReadOnlyList<string> Notes { get; }

    /// <param name="session">Answers what is known.</param>
    /// <param name="outputs">All outputs of the model.</param>
    /// <param name="intervals">Training intervals; each is cut into bins of one target from its start, those the filter keeps count.</param>
    /// <exception cref="TrainingException">Nothing is known in them, or an output never varies.</exception>
    public static OutputNormalisation Of(TrainingSession session, IReadOnlyList<OutputChannel> outputs, IReadOnlyList<DataInterval> intervals)
    {
        var values = outputs.Select(_ => new List<double>()).ToArray();
        var (kept, bins) = (0, 0);
        Span<double> means = stackalloc double[outputs.Count];
        foreach (var interval in intervals)
        {
            for (var end = interval.StartNs + session.TargetNs; end <= interval.EndNs; end += session.TargetNs)
            {
                bins++;
                if (!session.Targets(end, interval.StartNs, means)) continue;
                kept++;
                for (var output = 0; output < outputs.Count; output++)
                    if (double.IsFinite(means[output])) values[output].Add(means[output]);
            }
        }

        if (values.All(list => list.Count == 0)) throw NothingKnown(session, outputs, bins, kept);
        var knows = Array.ConvertAll(values, list => list.Count > 0);
        var (mean, sd) = (new double[outputs.Count], new double[outputs.Count]);
        var notes = new List<string>();
        for (var output = 0; output < outputs.Count; output++)
        {
            sd[output] = 1;
            if (!knows[output])
            {
                notes.Add($"Session '{session.Session.Name}' has no value of '{outputs[output].Name}' in its training intervals; it teaches the others.");
                continue;
            }

            mean[output] = values[output].Average();
            var centre = mean[output];
            sd[output] = Math.Sqrt(values[output].Average(value => (value - centre) * (value - centre)));
            if (!(sd[output] > Constant * values[output].Max(Math.Abs))) throw NeverVaries(session, outputs[output], centre);
        }

        return new OutputNormalisation(knows, mean, sd, notes);
    }

    /// <summary>The target as the network is shown it; NaN where it is not known.</summary>
    public float Normalised(int output, double value) => Knows[output] ? (float)((value - Mean[output]) / Sd[output]) : float.NaN;

    private static TrainingException NeverVaries(TrainingSession session, OutputChannel output, double value) => new(
        string.Create(CultureInfo.InvariantCulture, $"Output '{output.Name}' never varies in the training intervals of session " +
        $"'{session.Session.Name}' (it is {value} {output.Unit} throughout): nothing can be learned about it. Name the outputs without it, or move the splits."));

    private static TrainingException NothingKnown(TrainingSession session, IReadOnlyList<OutputChannel> outputs, int bins, int kept)
    {
        var names = string.Join(", ", outputs.Select(output => output.Name));
        var why = bins == 0 ? "they are shorter than one target; choose a shorter target_ms"
            : kept == 0 ? "the filter keeps none of their bins; choose a wider one"
            : "all their samples are missing or NaN; check behaviour.times and the splits, or leave the session out";
        return new TrainingException($"Session '{session.Session.Name}' knows none of {names} in its training intervals: {why}.");
    }
}
