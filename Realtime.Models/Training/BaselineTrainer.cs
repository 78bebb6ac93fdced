using Realtime.Engine.Sessions;
using Realtime.Engine.Text;
using Realtime.Models.Baselines;

namespace Realtime.Models.Training;

/// <summary>Fits any of the linear decoders by the name of its kind.</summary>
public static class BaselineTrainer
{
    /// <summary>The kinds that can be fitted here.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [WienerDecoder.Kind, KalmanDecoder.Kind, BayesDecoder.Kind];

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="session">The session; needs training intervals.</param>
    /// <param name="options">Bin, outputs, filter, and what each kind asks.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <exception cref="TrainingException">The kind is unknown, or the session and the options do not allow a fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainedModel Train(string kind, Session session, TrainingOptions options, IProgress<double>? progress = null,
        CancellationToken cancellation = default) => kind switch
        {
            WienerDecoder.Kind => WienerTrainer.Train(session, options, progress, cancellation),
            KalmanDecoder.Kind => KalmanTrainer.Train(session, options, progress, cancellation),
            BayesDecoder.Kind => BayesTrainer.Train(session, options, progress, cancellation),
            _ => throw new TrainingException(
            $"There is no kind of model '{kind}'{NearestName.Hint(kind, Kinds)}. Known: {string.Join(", ", Kinds)}."),
        };
}
