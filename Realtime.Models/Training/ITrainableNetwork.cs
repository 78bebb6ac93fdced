using Realtime.Models.Differentiation;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Training;

/// <summary>A network in the form that is trained: it computes what the live decoder computes, and its gradient.</summary>
public interface ITrainableNetwork
{
    ParameterSet Parameters { get; }

    /// <summary>Records the forward pass of some windows.</summary>
    /// <param name="tape">Begun by the caller; one tape per thread.</param>
    /// <param name="windows">Of one length.</param>
    /// <returns>[all queries, outputs], normalised: the first window's queries first.</returns>
    Variable Predict(Tape tape, IReadOnlyList<TrainingWindow> windows);
}
