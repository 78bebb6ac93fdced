using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Training;

/// <summary>What a session offers to decode, for models that are not fitted to it here.</summary>
public static class SessionTargets
{
    /// <param name="session">The session; needs training intervals.</param>
    /// <param name="options">Names the outputs, or leaves them to the default; the bin is what the mean is taken over.</param>
    /// <returns>The outputs, and the mean of each over the training intervals: what the constant predictor answers.</returns>
    /// <exception cref="TrainingException">A name is unknown, or the session lacks what is asked.</exception>
    public static (IReadOnlyList<OutputChannel> Outputs, IReadOnlyList<double> TrainingMean) Of(Session session, TrainingOptions options)
    {
        var set = new TrainingSet(session, options);
        var count = set.Outputs.Count;
        var (sums, bins) = (new double[count], 0L);
        foreach (var interval in set.Bin(session.Train, options.BinNs, CancellationToken.None))
        {
            for (var bin = 0; bin < interval.Bins; bin++)
            {
                if (!interval.Usable[bin]) continue;
                bins++;
                for (var output = 0; output < count; output++) sums[output] += interval.Targets[bin * count + output];
            }
        }

        return (set.Outputs, sums.Select(sum => bins == 0 ? 0 : sum / bins).ToArray());
    }
}
